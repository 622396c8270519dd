"""What holds with the simulator holds with an OpenAI-compatible server, for which one of Google's names is an alias."""

import json

import pytest
from fold_events import fold_events
from google import genai
from hub_process import running_chat_server, running_hub
from stream_requests import WEATHER
from wire import MODEL, calls_of, model_said, parts_of, plain, result_of, results_said, text_of, user_said

QUESTION = "What is the weather in Porto?"


@pytest.fixture(scope="module", params=["fake-plain", "fake-thinker"])
def chat(request):
    with running_chat_server() as url:
        upstream = {"name": "chat", "kind": "openai-chat", "base_url": url}
        variables = {
            "INTERACTIONS_HUB_UPSTREAMS": json.dumps([upstream]),
            "INTERACTIONS_HUB_ALIASES": json.dumps({MODEL: f"chat/{request.param}"}),
        }
        with running_hub(variables) as base_url:
            client = genai.Client(api_key="local", http_options={"base_url": base_url})
            yield client.interactions


def test_a_stored_round_trip_uses_the_result(chat):
    asked = chat.create(model=MODEL, input=QUESTION, tools=[WEATHER])
    (call,) = calls_of(asked)
    answer = chat.create(
        model=MODEL,
        input=[result_of(call, {"temperature": "17 degrees"})],
        previous_interaction_id=asked.id,
        tools=[WEATHER],
    )

    assert asked.status == "requires_action"
    assert (call["name"], call["arguments"]) == ("get_weather", {"city": "Porto"})
    assert answer.status == "completed"
    assert text_of(answer) == 'The function says: {"temperature":"17 degrees"}.'
    assert parts_of(chat.get(asked.id)) == parts_of(asked)


def test_a_streamed_round_trip_tells_what_is_read_afterwards(chat):
    events = chat.create(model=MODEL, input=QUESTION, tools=[WEATHER], stream=True)
    asked = fold_events([plain(event) for event in events])
    (call,) = [part for part in asked["parts"] if part["type"] == "function_call"]
    events = chat.create(
        model=MODEL,
        input=[result_of(call, "17 degrees")],
        previous_interaction_id=asked["id"],
        tools=[WEATHER],
        stream=True,
    )
    answer = fold_events([plain(event) for event in events])
    stored = chat.get(answer["id"])

    assert asked["status"] == "requires_action"
    assert asked["parts"] == parts_of(chat.get(asked["id"]))
    assert answer["status"] == "completed"
    assert text_of(stored) == "The function says: 17 degrees."
    # The newest generation reads the result that was sent, too.
    assert answer["parts"] == parts_of(stored)[-len(answer["parts"]) :]


def test_a_stateless_round_trip_uses_the_result(chat):
    said = user_said(QUESTION)
    asked = chat.create(model=MODEL, input=said, tools=[WEATHER], store=False)
    answer = chat.create(
        model=MODEL,
        input=[*said, *model_said(asked), *results_said(result_of(calls_of(asked)[0], "17 degrees"))],
        tools=[WEATHER],
        store=False,
    )

    assert text_of(answer) == "The function says: 17 degrees."


def test_several_calls_are_answered_together_in_any_order(chat):
    asked = chat.create(model=MODEL, input="What is the weather in Porto and Lisbon?", tools=[WEATHER])
    calls = calls_of(asked)
    answer = chat.create(
        model=MODEL,
        input=[result_of(call, f"fine in {call['arguments']['city']}") for call in reversed(calls)],
        previous_interaction_id=asked.id,
        tools=[WEATHER],
    )

    assert [call["arguments"]["city"] for call in calls] == ["Porto", "Lisbon"]
    assert text_of(answer) == "The function says: fine in Porto and fine in Lisbon."


def test_a_chain_in_the_background_remembers(chat):
    first = chat.create(model=MODEL, input="My name is Ada.")
    begun = chat.create(model=MODEL, input="What is my name?", previous_interaction_id=first.id, background=True)
    events = [plain(event) for event in chat.get(begun.id, stream=True)]

    assert begun.status == "in_progress"
    assert fold_events(events)["status"] == "completed"
    assert text_of(chat.get(begun.id)) == "Your name is Ada."
