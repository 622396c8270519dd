import time

import pytest
from google.genai._interactions import BadRequestError, NotFoundError
from wire import ENDED, MODEL, contents_of, failure_of, parts_of, plain, text_of

RESEARCHER = "deep-research-preview-04-2026"


def settled(interactions, identity: str):
    """Polls as the documentation does, until nothing runs any more."""
    give_up = time.monotonic() + 15
    while (interaction := interactions.get(identity)).status == "in_progress":
        assert time.monotonic() < give_up, "the interaction does not end"
        time.sleep(0.02)
    return interaction


def test_a_background_create_answers_at_once(interactions):
    running = interactions.create(model="simulator-slow-30", input="Count from 1 to 9", background=True)

    assert running.status == "in_progress"
    assert parts_of(running) == []
    assert text_of(settled(interactions, running.id)) == "1, 2, 3, 4, 5, 6, 7, 8, 9"


def test_a_running_interaction_shows_what_it_has_so_far(interactions):
    running = interactions.create(model="simulator-fault-stall-6", input="Count from 1 to 9", background=True)
    events = interactions.get(running.id, stream=True)
    for event in events:
        if plain(event).get("delta", {}).get("type") == "text":
            break
    events.close()
    partial = interactions.get(running.id)
    interactions.cancel(running.id)

    assert partial.status == "in_progress"
    assert "1, 2, 3, 4, 5, 6, 7, 8, 9".startswith(text_of(partial))
    assert text_of(partial) != ""


def test_a_cancelled_run_stops_at_once_and_stays_cancelled(interactions):
    running = interactions.create(model="simulator-fault-stall-6", input="Count from 1 to 9", background=True)
    cancelled = interactions.cancel(running.id)
    stored = interactions.get(running.id)

    assert cancelled.id == running.id
    assert cancelled.status == stored.status == "cancelled"
    assert failure_of(stored) != []
    # Who cancels twice, because the first answer was lost, must not be told that it failed.
    assert interactions.cancel(running.id).status == "cancelled"


def test_the_stream_of_a_cancelled_run_ends_and_tells_so(interactions):
    running = interactions.create(model="simulator-fault-stall-6", input="Count from 1 to 9", background=True)
    events = []
    for event in interactions.get(running.id, stream=True):
        events.append(plain(event))
        if len(events) == 3:
            interactions.cancel(running.id)

    assert events[-1]["event_type"] == ENDED
    assert events[-1]["interaction"]["status"] == "cancelled"


def test_what_has_ended_cannot_be_cancelled(interactions):
    with pytest.raises(BadRequestError, match="cancel"):
        interactions.cancel(interactions.create(model=MODEL, input="Hello").id)


def test_what_does_not_exist_cannot_be_cancelled(interactions):
    with pytest.raises(NotFoundError):
        interactions.cancel("v1_unknown")


def test_what_fails_in_the_background_is_failed_with_a_cause(interactions):
    running = interactions.create(model="simulator-fault-fail-5", input="Count from 1 to 9", background=True)
    failed = settled(interactions, running.id)

    assert failed.status == "failed"
    assert [set(failure) for failure in failure_of(failed)] == [{"code", "message"}]


def test_an_agent_researches_in_the_background(interactions):
    running = interactions.create(
        agent=RESEARCHER,
        input="The history of lighthouses",
        background=True,
        agent_config={"type": "deep-research", "thinking_summaries": "auto"},
    )
    report = settled(interactions, running.id)
    parts = parts_of(report)
    (text,) = [content for content in contents_of(report) if content["type"] == "text"]

    assert running.agent == report.agent == RESEARCHER
    assert report.status == "completed"
    assert {"thought", "google_search_call", "google_search_result"} <= {part["type"] for part in parts}
    assert any(part["type"] == "thought" and part.get("summary") for part in parts)
    for citation in text["annotations"]:
        cited = text["text"].encode()[citation["start_index"] : citation["end_index"]]
        assert citation["type"] == "url_citation"
        assert cited.decode().strip() != ""


def test_an_agent_goes_on_from_its_report(interactions):
    running = interactions.create(agent=RESEARCHER, input="The history of lighthouses", background=True)
    settled(interactions, running.id)
    answer = interactions.create(model=MODEL, input="What was my first question?", previous_interaction_id=running.id)

    assert "lighthouses" in text_of(answer)


def test_an_agent_that_needs_the_background_says_so(interactions):
    with pytest.raises(BadRequestError, match="background"):
        interactions.create(agent=RESEARCHER, input="Lighthouses")


def test_an_agent_can_work_in_the_foreground(interactions):
    answer = interactions.create(agent="antigravity-preview-05-2026", input="Greet me")

    assert answer.status == "completed"
    assert text_of(answer) != ""


def test_only_the_background_can_be_cancelled(interactions):
    live = interactions.create(model="simulator-slow-20", input="Count from 1 to 12", stream=True)
    identity = next(iter(live)).interaction.id

    with pytest.raises(BadRequestError, match="background"):
        interactions.cancel(identity)
    assert [plain(event)["event_type"] for event in live][-1] == ENDED


def test_an_agent_can_be_streamed(interactions):
    events = [
        plain(event)
        for event in interactions.create(agent=RESEARCHER, input="Lighthouses", background=True, stream=True)
    ]

    assert events[0]["interaction"]["agent"] == RESEARCHER
    assert events[-1]["event_type"] == ENDED
    assert all("event_id" in event for event in events)
