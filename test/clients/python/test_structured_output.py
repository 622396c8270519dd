from enum import Enum

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
    answer = interactions.create(model=MODEL, input="Give me a recipe for pancakes.", **json_by(Recipe.model_json_schema()))

    assert answer.status == "completed"
    recipe = Recipe.model_validate_json(text_of(answer))
    assert 2 <= len(recipe.ingredients) <= 4


def test_a_bare_schema_is_enough(interactions):
    answer = interactions.create(
        model=MODEL, input="Give me a recipe for pancakes.", response_format=Recipe.model_json_schema()
    )

    assert Recipe.model_validate_json(text_of(answer)).title != ""


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
