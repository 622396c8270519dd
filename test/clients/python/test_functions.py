import json

import pytest
from google.genai._interactions import BadRequestError
from wire import IS_LEGACY, MODEL, calls_of, model_said, parts_of, result_of, results_said, text_of, user_said

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Gets the weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "Name of the city"}},
        "required": ["city"],
    },
}
QUESTION = "What is the weather in Porto?"


RESULTS = {
    "a string": "17 degrees and rain",
    "an object": {"temperature": "17 degrees", "sky": "rain"},
    "contents": [{"type": "text", "text": json.dumps({"temperature": "17 degrees", "sky": "rain"})}],
}


def test_a_call_waits_for_its_result(interactions):
    answer = interactions.create(model=MODEL, input=QUESTION, tools=[WEATHER])
    (call,) = calls_of(answer)

    assert answer.status == "requires_action"
    assert call["name"] == "get_weather"
    assert call["arguments"] == {"city": "Porto"}
    assert [part["type"] for part in parts_of(answer)] == ["thought", "function_call"]


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())
def test_a_stored_round_trip_uses_the_result(interactions, result):
    asked = interactions.create(model=MODEL, input=QUESTION, tools=[WEATHER])
    answer = interactions.create(
        model=MODEL,
        input=[result_of(calls_of(asked)[0], result)],
        previous_interaction_id=asked.id,
        tools=[WEATHER],
    )

    assert answer.status == "completed"
    assert "17 degrees" in text_of(answer)
    assert "rain" in text_of(answer)


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS.keys())
def test_a_stateless_round_trip_uses_the_result(interactions, result):
    said = user_said(QUESTION)
    asked = interactions.create(model=MODEL, input=said, tools=[WEATHER], store=False)
    answer = interactions.create(
        model=MODEL,
        input=[*said, *model_said(asked), *results_said(result_of(calls_of(asked)[0], result))],
        tools=[WEATHER],
        store=False,
    )

    assert answer.status == "completed"
    assert "17 degrees" in text_of(answer)


def test_several_calls_are_answered_together_in_any_order(interactions):
    asked = interactions.create(model=MODEL, input="What is the weather in Porto and in Lisbon?", tools=[WEATHER])
    calls = calls_of(asked)
    degrees = {"Porto": "17 degrees", "Lisbon": "21 degrees"}
    answer = interactions.create(
        model=MODEL,
        input=[result_of(call, degrees[call["arguments"]["city"]]) for call in reversed(calls)],
        previous_interaction_id=asked.id,
    )

    assert sorted(call["arguments"]["city"] for call in calls) == ["Lisbon", "Porto"]
    assert len({call["id"] for call in calls}) == 2
    assert "17 degrees" in text_of(answer)
    assert "21 degrees" in text_of(answer)


def test_a_failed_call_is_told_of(interactions):
    asked = interactions.create(model=MODEL, input=QUESTION, tools=[WEATHER])
    answer = interactions.create(
        model=MODEL,
        input=[result_of(calls_of(asked)[0], "the station is closed", is_error=True)],
        previous_interaction_id=asked.id,
    )

    assert "failed" in text_of(answer)
    assert "the station is closed" in text_of(answer)


def test_a_call_can_be_demanded_and_forbidden(interactions):
    def ask(said, tool_choice):
        return interactions.create(
            model=MODEL, input=said, tools=[WEATHER], generation_config={"tool_choice": tool_choice}
        )

    assert len(calls_of(ask("Good morning", "any"))) == 1
    assert len(calls_of(ask("Good morning", {"allowed_tools": {"mode": "any", "tools": ["get_weather"]}}))) == 1
    assert calls_of(ask(QUESTION, "none")) == []


def test_a_result_that_nobody_asked_for_is_refused(interactions):
    first = interactions.create(model=MODEL, input="Hello")
    stray = {"type": "function_result", "call_id": "nobody", "name": "get_weather", "result": "17 degrees"}

    with pytest.raises(BadRequestError, match="nobody"):
        interactions.create(model=MODEL, input=[stray], previous_interaction_id=first.id)


def test_calls_that_are_sent_again_are_not_kept_twice(interactions):
    asked = interactions.create(model=MODEL, input=QUESTION, tools=[WEATHER])
    (call,) = calls_of(asked)
    answer = interactions.create(
        model=MODEL,
        input=[*model_said(asked), *results_said(result_of(call, "17 degrees"))],
        previous_interaction_id=asked.id,
    )
    stored = interactions.get(answer.id, include_input=True)
    sent = stored.input[0].content if IS_LEGACY else [step for step in stored.steps if step.type == "function_result"]

    assert "17 degrees" in text_of(answer)
    assert [part.type for part in sent] == ["function_result"]
    assert calls_of(stored) == []
