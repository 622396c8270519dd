import pytest
from google.genai._interactions import NotFoundError
from wire import IS_LEGACY, MODEL, parts_of, plain


def test_what_was_created_can_be_read_back(interactions):
    created = interactions.create(model=MODEL, input="Hello")
    stored = interactions.get(created.id)

    assert stored.id == created.id
    assert stored.status == "completed"
    assert parts_of(stored) == parts_of(created)
    assert (stored.created, stored.updated) == (created.created, created.updated)
    assert stored.usage.total_tokens == created.usage.total_tokens


def test_what_was_said_can_be_read_back(interactions):
    created = interactions.create(model=MODEL, input="Good morning")
    stored = plain(interactions.get(created.id, include_input=True))
    said = [{"type": "text", "text": "Good morning"}]

    if IS_LEGACY:
        assert stored["input"] == [{"role": "user", "content": said}]
        assert "input" not in plain(interactions.get(created.id))
    else:
        assert stored["steps"][0] == {"type": "user_input", "content": said}
        assert stored["steps"][1:] == parts_of(created)


def test_a_read_shows_what_was_asked_for(interactions):
    tools = [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}]
    created = interactions.create(model=MODEL, input="Hello", system_instruction="Be brief.", tools=tools)
    stored = plain(interactions.get(created.id))

    assert stored["system_instruction"] == "Be brief."
    assert stored["tools"] == tools


def test_a_child_shows_only_what_itself_said_and_did(interactions):
    parent = interactions.create(model=MODEL, input="My name is Ada.")
    child = interactions.create(model=MODEL, input="Hello", previous_interaction_id=parent.id)
    stored = interactions.get(child.id, include_input=True)

    assert stored.previous_interaction_id == parent.id
    assert "Ada" not in stored.model_dump_json()


def test_what_was_deleted_is_gone(interactions):
    created = interactions.create(model=MODEL, input="Hello")

    interactions.delete(created.id)

    with pytest.raises(NotFoundError, match=created.id):
        interactions.get(created.id)
    with pytest.raises(NotFoundError, match=created.id):
        interactions.delete(created.id)
    with pytest.raises(NotFoundError, match=created.id):
        list(interactions.get(created.id, stream=True))


def test_what_still_runs_can_be_deleted(interactions):
    running = interactions.create(model="simulator-fault-stall", input="Hello", background=True)

    interactions.delete(running.id)

    with pytest.raises(NotFoundError):
        interactions.get(running.id)


def test_deleting_a_child_leaves_its_parent(interactions):
    parent = interactions.create(model=MODEL, input="Hello")
    child = interactions.create(model=MODEL, input="Hello again", previous_interaction_id=parent.id)

    interactions.delete(child.id)

    assert interactions.get(parent.id).status == "completed"
