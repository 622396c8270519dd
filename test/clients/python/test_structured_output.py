from enum import Enum

import pytest
from google.genai._interactions import BadRequestError
from pydantic import BaseModel, ConfigDict, Field
from wire import IS_LEGACY, MODEL, json_by, text_of


class Difficulty(str, Enum):
    EASY = "easy"
    HARD = "hard"


class Ingredient(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    grams: int = Field(ge=1, le=2000)


class Recipe(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=3)
    difficulty: Difficulty
    ingredients: list[Ingredient] = Field(min_length=2, max_length=4)
    vegetarian: bool
    note: str | None = None


def test_the_answer_is_json_that_fits_the_schema(interactions):
    schema = Recipe.model_json_schema()
    answer = interactions.create(model=MODEL, input="Give me a recipe for pancakes.", **json_by(schema))

    assert answer.status == "completed"
    recipe = Recipe.model_validate_json(text_of(answer))
    assert 2 <= len(recipe.ingredients) <= 4


def test_a_bare_schema_is_enough(interactions):
    answer = interactions.create(
        model=MODEL, input="Give me a recipe for pancakes.", response_format=Recipe.model_json_schema()
    )

    assert Recipe.model_validate_json(text_of(answer)).title != ""


class Branch(BaseModel):
    name: str
    branches: list["Branch"]


def test_a_schema_may_refer_to_itself(interactions):
    answer = interactions.create(model=MODEL, input="A family tree", **json_by(Branch.model_json_schema()))

    Branch.model_validate_json(text_of(answer))


def test_a_schema_that_is_none_is_refused(interactions):
    with pytest.raises(BadRequestError, match="response_format"):
        interactions.create(model=MODEL, input="A tree", **json_by({"type": "object", "properties": {"a": 7}}))


def test_a_chain_can_switch_to_json(interactions):
    first = interactions.create(model=MODEL, input="I like pancakes.")
    answer = interactions.create(
        model=MODEL,
        input="Give me a recipe for them.",
        previous_interaction_id=first.id,
        **json_by(Recipe.model_json_schema()),
    )

    Recipe.model_validate_json(text_of(answer))


def test_what_was_demanded_can_be_read_back(interactions):
    schema = Ingredient.model_json_schema()
    answer = interactions.create(model=MODEL, input="Flour", **json_by(schema))
    stored = interactions.get(answer.id).response_format

    if IS_LEGACY:
        assert stored == schema
    else:
        stored = stored if isinstance(stored, list) else [stored]
        assert [(entry.mime_type, entry.schema_) for entry in stored] == [("application/json", schema)]
