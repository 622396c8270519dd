import pytest
from google.genai._interactions import BadRequestError
from stream_requests import REQUESTS
from wire import ENDED, IS_LEGACY, MODEL, plain, text_of


def stream(interactions, **request) -> list[dict]:
    # As with the service itself, streams of the old wire have cursors only when they run in the background.
    background = {"background": True} if IS_LEGACY else {}
    return [plain(event) for event in interactions.create(**{"model": MODEL, **request}, **background, stream=True)]


def resume(interactions, events: list[dict], after: int) -> list[dict]:
    rest = interactions.get(events[0]["interaction"]["id"], stream=True, last_event_id=events[after]["event_id"])
    return [plain(event) for event in rest]


# At every place of a stream the rest is read again, which takes a client long for a stream of hundreds of events.
SHORT = {name: members for name, members in REQUESTS.items() if name != "long text"}


@pytest.mark.parametrize("request_members", SHORT.values(), ids=SHORT.keys())
def test_a_stream_goes_on_after_every_one_of_its_events(interactions, request_members):
    events = stream(interactions, **request_members)

    for place in range(len(events)):
        assert resume(interactions, events, place) == events[place + 1 :]


def test_every_event_has_a_cursor_of_its_own(interactions):
    cursors = [event["event_id"] for event in stream(interactions, input="Count from 1 to 20")]

    assert len(set(cursors)) == len(cursors)


def test_a_reader_that_leaves_while_the_answer_comes_loses_nothing(interactions):
    read: list[dict] = []
    live = interactions.create(model="simulator-slow-20", input="Count from 1 to 12", background=True, stream=True)
    for event in live:
        read.append(plain(event))
        if len(read) == 8:
            live.close()
            break
    identity = read[0]["interaction"]["id"]
    assert interactions.get(identity).status == "in_progress"

    # Reads on, leaves after two events, and so on: as an application on a bad line.
    while read[-1]["event_type"] != ENDED:
        rest = interactions.get(identity, stream=True, last_event_id=read[-1]["event_id"])
        for count, event in enumerate(rest, start=1):
            read.append(plain(event))
            if count == 2:
                rest.close()
                break

    assert read == [plain(event) for event in interactions.get(identity, stream=True)]


def test_a_stored_run_outlives_its_reader(interactions):
    live = interactions.create(model="simulator-slow-20", input="Count from 1 to 12", stream=True)
    identity = next(iter(live)).interaction.id
    live.close()

    # Follows to the end: no polling is needed to see what was missed.
    events = [plain(event) for event in interactions.get(identity, stream=True)]

    assert events[-1]["event_type"] == ENDED
    assert text_of(interactions.get(identity)) == "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12"


def test_two_readers_of_one_stream_see_the_same(interactions):
    running = interactions.create(model="simulator-slow-5", input="Count from 1 to 12", background=True)
    first, second = (interactions.get(running.id, stream=True) for _ in range(2))

    assert [plain(event) for event in first] == [plain(event) for event in second]


def test_a_broken_stream_can_be_resumed_too(interactions):
    events = stream(interactions, model="simulator-fault-cut-6", input="Count from 1 to 9")

    for place in range(len(events)):
        assert resume(interactions, events, place) == events[place + 1 :]


def test_an_unknown_cursor_is_refused(interactions):
    created = interactions.create(model=MODEL, input="Hello")
    other = stream(interactions, input="Hello")

    for cursor in ("nonsense", other[2]["event_id"], f"e9999-{created.id[-4:]}"):
        with pytest.raises(BadRequestError, match="last_event_id"):
            list(interactions.get(created.id, stream=True, last_event_id=cursor))
