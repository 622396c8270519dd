import re

import pytest
from wire import IS_LEGACY, MODEL, calls_of, parts_of, plain, text_of, user_said


def test_a_create_answers_with_an_interaction_of_the_clients_own_shape(interactions):
    answer = interactions.create(model=MODEL, input="What is 19 plus 23?")

    assert answer.status == "completed"
    assert answer.model == MODEL
    assert re.fullmatch(r"v1_Ch[\w-]{60,80}", answer.id)
    assert "42" in text_of(answer)
    assert [part["type"] for part in parts_of(answer)] == ["thought", "text" if IS_LEGACY else "model_output"]
    # Only the last text of the legacy outputs, or the client's own shorthand, is what most applications read.
    assert (answer.outputs[-1].text if IS_LEGACY else answer.output_text) == text_of(answer)
    assert answer.created is not None
    assert answer.updated is not None


def test_a_client_sees_nothing_of_the_other_generations_shape(interactions):
    answer = plain(interactions.create(model=MODEL, input="Hello"))

    assert ("outputs" in answer) == IS_LEGACY
    assert ("role" in answer) == IS_LEGACY
    assert ("steps" in answer) != IS_LEGACY


def test_usage_adds_up(interactions):
    usage = plain(interactions.create(model=MODEL, input="What is 2 plus 2?"))["usage"]

    assert usage["total_input_tokens"] > 0
    assert usage["total_output_tokens"] > 0
    assert usage["total_tokens"] == sum(
        usage[f"total_{kind}_tokens"] for kind in ("input", "output", "thought", "tool_use")
    )


@pytest.mark.parametrize(
    "said",
    [
        "My name is Ada. What is my name?",
        {"type": "text", "text": "My name is Ada. What is my name?"},
        [{"type": "text", "text": "My name is Ada."}, {"type": "text", "text": "What is my name?"}],
        user_said("My name is Ada. What is my name?"),
        [*user_said("My name is Ada."), *user_said("What is my name?")],
    ],
    ids=["string", "content", "contents", "one turn", "two turns"],
)
def test_every_form_of_input_is_understood(interactions, said):
    assert "Ada" in text_of(interactions.create(model=MODEL, input=said))


def test_the_same_request_gets_the_same_answer(interactions):
    request = {"model": MODEL, "input": "Tell me a short story about a lighthouse.", "generation_config": {"seed": 7}}

    assert parts_of(interactions.create(**request)) == parts_of(interactions.create(**request))


def test_a_system_instruction_is_followed_and_not_inherited(interactions):
    first = interactions.create(model=MODEL, input="Who are you?", system_instruction="Your name is Marvin.")
    second = interactions.create(model=MODEL, input="Who are you?", previous_interaction_id=first.id)

    assert "Marvin" in text_of(first)
    assert "Marvin" not in text_of(second)


def test_an_answer_ends_before_a_stop_sequence(interactions):
    answer = interactions.create(model=MODEL, input="Count from 1 to 9", generation_config={"stop_sequences": ["5"]})

    assert answer.status == "completed"
    assert "4" in text_of(answer)
    assert "5" not in text_of(answer)


def test_an_answer_that_needs_more_tokens_than_it_may_have_is_incomplete(interactions):
    answer = interactions.create(model=MODEL, input="Count from 1 to 500", generation_config={"max_output_tokens": 60})

    assert answer.status == "incomplete"
    assert "500" not in text_of(answer)


def test_the_prefix_of_the_list_of_models_is_accepted(interactions):
    assert interactions.create(model=f"models/{MODEL}", input="Hello").status == "completed"


def test_no_call_is_made_when_no_function_is_offered(interactions):
    assert calls_of(interactions.create(model=MODEL, input="What is the weather in Porto?")) == []


def test_no_character_is_lost(interactions):
    said = 'naïve 漢字 👩‍👩‍👧‍👦 \\ " \t tab'

    assert text_of(interactions.create(model=MODEL, input=f"Say exactly: {said}")) == said


def test_a_service_tier_is_told_back(interactions):
    assert interactions.create(model=MODEL, input="Hello", service_tier="flex").service_tier == "flex"
