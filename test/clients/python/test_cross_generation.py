"""One hub, two generations of the client: what one writes the other reads and continues, each in its own words."""

import json
import subprocess
from pathlib import Path

import pytest
from fold_events import fold_events
from other_generation import CLOCK, call, read
from wire import IS_LEGACY, MODEL, PART_DELTA, calls_of, plain, text_in, text_of

SCRIPT = Path(__file__).with_name("other_generation.py")
TEXT_TYPE, OTHER_TEXT_TYPE = ("text", "model_output") if IS_LEGACY else ("model_output", "text")


@pytest.fixture(scope="module")
def other(request, base_url):
    python = request.config.getoption("--other-python")
    if python is None:
        pytest.skip("needs --other-python, a Python with the other generation of the client")

    with subprocess.Popen(
        [python, "-W", "ignore", str(SCRIPT), base_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:

        def ask(*words):
            print(json.dumps(words), file=process.stdin, flush=True)
            return json.loads(process.stdout.readline())

        assert ask("begin", "Hello")["is_legacy"] != IS_LEGACY, "--other-python has the same generation as this one"
        yield ask
        process.stdin.close()


def test_what_the_other_wrote_reads_in_this_ones_words(interactions, other):
    written = other("begin", "My name is Ada.")
    stored = read(interactions, written["id"])

    assert stored["text"] == written["text"]
    assert [part["type"] for part in stored["parts"]] == ["thought", TEXT_TYPE]
    assert [part["type"] for part in written["parts"]] == ["thought", OTHER_TEXT_TYPE]
    assert fold_events(stored["events"])["parts"] == stored["parts"]


def test_what_this_wrote_reads_in_the_others_words(interactions, other):
    written = interactions.create(model=MODEL, input="My name is Ada.")
    stored = other("read", written.id)

    assert stored["text"] == text_of(written)
    assert [part["type"] for part in stored["parts"]] == ["thought", OTHER_TEXT_TYPE]
    assert PART_DELTA not in {event["event_type"] for event in stored["events"]}


def test_a_chain_goes_back_and_forth(interactions, other):
    first = interactions.create(model=MODEL, input="My name is Ada.")
    second = other("go_on", first.id, "My favourite colour is teal.")
    third = interactions.create(model=MODEL, input="What is my favourite colour?", previous_interaction_id=second["id"])
    fourth = other("go_on", third.id, "What is my name?")

    assert "teal" in text_of(third)
    assert "Ada" in fourth["text"]


def test_a_call_that_the_other_received_is_answered_here(interactions, other):
    asked = other("call", "What is the current time?")
    (waiting,) = asked["calls"]
    answer = interactions.create(
        model=MODEL,
        previous_interaction_id=asked["id"],
        input=[{"type": "function_result", "call_id": waiting["id"], "name": waiting["name"], "result": "12:34"}],
        tools=[CLOCK],
    )

    assert calls_of(interactions.get(asked["id"])) == asked["calls"]
    assert "12:34" in text_of(answer)


def test_both_receive_the_same_call(interactions, other):
    question = "What is the current time?"

    assert call(interactions, question)["calls"] == other("call", question)["calls"]


def test_a_stream_of_the_other_is_resumed_here_after_every_event(interactions, other):
    events = other("stream", "Count from 1 to 5")
    identity = events[0]["interaction"]["id"]
    whole = text_of(interactions.get(identity))
    read_so_far = ""
    for event in events:
        delta = event.get("delta", {})
        read_so_far += delta["text"] if delta.get("type") == "text" else ""
        rest = [plain(each) for each in interactions.get(identity, stream=True, last_event_id=event["event_id"])]
        assert read_so_far + text_in(rest) == whole


def test_a_stream_of_this_is_resumed_by_the_other(interactions, other):
    events = [
        plain(event)
        for event in interactions.create(model=MODEL, input="Count from 1 to 5", background=True, stream=True)
    ]
    half = next(place for place, event in enumerate(events) if text_in(events[: place + 1]) == "1, 2, 3,")
    rest = other("resume", events[0]["interaction"]["id"], events[half]["event_id"])
    said = [event["delta"]["text"] for event in rest if event.get("delta", {}).get("type") == "text"]

    assert "".join(said) == " 4, 5"
