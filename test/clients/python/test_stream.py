import pytest
from fold_events import fold_events
from stream_requests import REQUESTS
from wire import ENDED, IS_LEGACY, MODEL, STARTED, parts_of, plain, text_in


def stream(interactions, **request) -> list[dict]:
    return [plain(event) for event in interactions.create(**{"model": MODEL, **request}, stream=True)]


def test_a_stream_begins_and_ends_with_the_interaction_and_thinks_before_it_speaks(interactions):
    events = stream(interactions, input="Count from 1 to 5")
    part = "content" if IS_LEGACY else "step"

    assert [event["event_type"] for event in events if not event["event_type"].endswith(".delta")] == [
        STARTED,
        "interaction.status_update",
        f"{part}.start",
        f"{part}.stop",
        f"{part}.start",
        f"{part}.stop",
        ENDED,
    ]
    assert events[0]["interaction"]["status"] == "in_progress"
    assert text_in(events) == "1, 2, 3, 4, 5"


def test_the_text_comes_in_pieces(interactions):
    deltas = [event["delta"] for event in stream(interactions, input="Count from 1 to 50") if "delta" in event]

    assert len([delta for delta in deltas if delta["type"] == "text"]) >= 10


@pytest.mark.parametrize("request_members", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_stream_put_together_equals_what_is_read_afterwards(interactions, request_members):
    folded = fold_events(stream(interactions, **request_members))
    stored = interactions.get(folded["id"])

    assert folded["parts"] == parts_of(stored)
    assert folded["status"] == stored.status
    assert folded["usage"] == plain(stored)["usage"]
    assert {name: folded[name] for name in ("model", "created", "updated")} == {
        name: plain(stored)[name] for name in ("model", "created", "updated")
    }


@pytest.mark.parametrize("request_members", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_replayed_stream_is_the_stream_that_was(interactions, request_members):
    events = stream(interactions, **request_members)

    assert [plain(event) for event in interactions.get(events[0]["interaction"]["id"], stream=True)] == events


@pytest.mark.parametrize("request_members", REQUESTS.values(), ids=REQUESTS.keys())
def test_a_stream_says_what_a_plain_create_says(interactions, request_members):
    answer = interactions.create(**{"model": MODEL, **request_members})

    assert fold_events(stream(interactions, **request_members))["parts"] == parts_of(answer)


def test_every_event_is_of_a_class_that_the_client_knows(interactions):
    known = {
        STARTED: "InteractionStartEvent" if IS_LEGACY else "InteractionCreatedEvent",
        "interaction.status_update": "InteractionStatusUpdate",
        "content.start": "ContentStart",
        "content.delta": "ContentDelta",
        "content.stop": "ContentStop",
        "step.start": "StepStart",
        "step.delta": "StepDelta",
        "step.stop": "StepStop",
        ENDED: "InteractionCompleteEvent" if IS_LEGACY else "InteractionCompletedEvent",
    }
    for event in interactions.create(model=MODEL, input="Count from 1 to 5", stream=True):
        assert type(event).__name__ == known[event.event_type]


def test_usage_is_told_at_the_end_only(interactions):
    events = stream(interactions, input="Hello")

    assert [event["event_type"] for event in events if "usage" in event.get("interaction", {})] == [ENDED]


def test_a_broken_stream_tells_so_and_is_never_completed(interactions):
    events = stream(interactions, model="simulator-fault-cut-6", input="Count from 1 to 20")
    stored = interactions.get(events[0]["interaction"]["id"])

    assert events[-1]["event_type"] == "error"
    assert events[-1]["error"]["message"] != ""
    assert ENDED not in [event["event_type"] for event in events]
    assert stored.status == "failed"
    assert fold_events(events)["parts"] == parts_of(stored)
