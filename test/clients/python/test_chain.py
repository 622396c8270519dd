import pytest
from google.genai._interactions import BadRequestError
from wire import MODEL, model_said, text_of, user_said


def test_a_chain_remembers_what_was_said(interactions):
    first = interactions.create(model=MODEL, input="My favourite colour is teal.")
    second = interactions.create(model=MODEL, input="My dog is Rex.", previous_interaction_id=first.id)
    third = interactions.create(model=MODEL, input="What is my favourite colour?", previous_interaction_id=second.id)

    assert third.previous_interaction_id == second.id
    assert "teal" in text_of(third)


def test_a_chain_grows_the_input_that_is_counted(interactions):
    first = interactions.create(model=MODEL, input="My favourite colour is teal.")
    second = interactions.create(model=MODEL, input="Hello", previous_interaction_id=first.id)

    assert second.usage.total_input_tokens > first.usage.total_input_tokens


def test_a_chain_can_be_streamed(interactions):
    first = interactions.create(model=MODEL, input="My favourite colour is teal.")
    events = list(
        interactions.create(
            model=MODEL, input="What is my favourite colour?", previous_interaction_id=first.id, stream=True
        )
    )

    assert "teal" in text_of(interactions.get(events[0].interaction.id))


def test_two_branches_of_one_parent_do_not_know_of_each_other(interactions):
    root = interactions.create(model=MODEL, input="My name is Ada.")
    left = interactions.create(model=MODEL, input="My colour is teal.", previous_interaction_id=root.id)
    right = interactions.create(model=MODEL, input="My colour is amber.", previous_interaction_id=root.id)

    def ask(parent, question):
        return text_of(interactions.create(model=MODEL, input=question, previous_interaction_id=parent.id))

    assert "teal" in ask(left, "What is my colour?")
    assert "amber" in ask(right, "What is my colour?")
    assert "Ada" in ask(left, "What is my name?")
    assert "Ada" in ask(right, "What is my name?")


def test_a_chain_can_go_on_from_any_of_its_links(interactions):
    first = interactions.create(model=MODEL, input="My colour is teal.")
    second = interactions.create(model=MODEL, input="My colour is amber.", previous_interaction_id=first.id)
    again = interactions.create(model=MODEL, input="What is my colour?", previous_interaction_id=first.id)

    assert second.id != again.id
    assert "teal" in text_of(again)


def test_a_chain_can_change_its_model(interactions):
    first = interactions.create(model="gemini-2.5-flash", input="My name is Ada.")
    second = interactions.create(model="gemini-2.5-pro", input="What is my name?", previous_interaction_id=first.id)

    assert second.model == "gemini-2.5-pro"
    assert "Ada" in text_of(second)


def test_a_history_that_the_client_keeps_itself_is_understood(interactions):
    said = user_said("My name is Ada.")
    first = interactions.create(model=MODEL, input=said, store=False)
    second = interactions.create(
        model=MODEL, input=[*said, *model_said(first), *user_said("What is my name?")], store=False
    )

    assert "Ada" in text_of(second)


def test_an_unknown_parent_is_refused(interactions):
    with pytest.raises(BadRequestError, match="previous_interaction_id"):
        interactions.create(model=MODEL, input="Hello", previous_interaction_id="v1_unknown")


def test_a_parent_that_still_runs_is_refused(interactions):
    parent = interactions.create(model="simulator-fault-stall", input="Hello", background=True)
    with pytest.raises(BadRequestError, match=parent.id):
        interactions.create(model=MODEL, input="Hello", previous_interaction_id=parent.id)
    interactions.cancel(parent.id)


def test_what_a_deleted_parent_leaves_behind_can_be_read_but_not_continued(interactions):
    parent = interactions.create(model=MODEL, input="My name is Ada.")
    child = interactions.create(model=MODEL, input="What is my name?", previous_interaction_id=parent.id)
    interactions.delete(parent.id)

    assert "Ada" in text_of(interactions.get(child.id))
    with pytest.raises(BadRequestError, match="previous_interaction_id"):
        interactions.create(model=MODEL, input="And again?", previous_interaction_id=child.id)
