import pytest
from google.genai._interactions import BadRequestError, NotFoundError
from wire import ENDED, MODEL, STARTED, parts_of, plain, text_in, text_of


def test_what_is_not_stored_has_no_id(interactions):
    answer = interactions.create(model=MODEL, input="Hello", store=False)

    assert answer.status == "completed"
    assert not answer.id
    assert text_of(answer) != ""


def test_a_stream_that_is_not_stored_has_no_id_and_says_the_same(interactions):
    request = {"model": MODEL, "input": "Count from 1 to 9", "store": False}
    events = [plain(event) for event in interactions.create(**request, stream=True)]

    assert [event["interaction"]["id"] for event in events if event["event_type"] in (STARTED, ENDED)] == ["", ""]
    assert text_in(events) == text_of(interactions.create(**request))


def test_nothing_can_follow_what_is_not_stored(interactions):
    answer = interactions.create(model=MODEL, input="Hello", store=False)

    with pytest.raises(BadRequestError, match="previous_interaction_id"):
        interactions.create(model=MODEL, input="Hello", previous_interaction_id=answer.id or "")


def test_a_stored_chain_can_be_asked_without_leaving_a_trace(interactions):
    parent = interactions.create(model=MODEL, input="My name is Ada.")
    answer = interactions.create(model=MODEL, input="What is my name?", previous_interaction_id=parent.id, store=False)

    assert "Ada" in text_of(answer)
    assert not answer.id


def test_cursors_of_what_is_not_stored_lead_nowhere(interactions):
    events = list(interactions.create(model=MODEL, input="Hello", store=False, stream=True))

    with pytest.raises(NotFoundError):
        list(interactions.get("v1_unknown", stream=True, last_event_id=events[0].event_id or "e1"))


def test_storing_does_not_change_the_answer(interactions):
    stored, unstored = (interactions.create(model=MODEL, input="Hello", store=store) for store in (True, False))

    assert parts_of(stored) == parts_of(unstored)
