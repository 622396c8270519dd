import pytest
from wire import IS_LEGACY, MODEL, model_said, parts_of, plain, text_of, user_said


def thoughts_of(interaction) -> list[dict]:
    return [part for part in parts_of(interaction) if part["type"] == "thought"]


def test_a_thought_comes_before_the_answer_and_can_be_recognised(interactions):
    answer = interactions.create(model=MODEL, input="What is 6 times 7?")

    assert [part["type"] for part in parts_of(answer)] == ["thought", "text" if IS_LEGACY else "model_output"]
    assert len(thoughts_of(answer)[0]["signature"]) > 20


def test_summaries_come_only_when_they_are_asked_for(interactions):
    def summaries(**config):
        answer = interactions.create(model=MODEL, input="What is 6 times 7?", generation_config=config)
        return [piece["text"] for thought in thoughts_of(answer) for piece in thought.get("summary", [])]

    assert summaries() == []
    assert summaries(thinking_summaries="none") == []
    assert len(summaries(thinking_summaries="auto")) >= 1
    assert all(text.strip() for text in summaries(thinking_summaries="auto", thinking_level="high"))


@pytest.mark.parametrize(("less", "more"), [("minimal", "low"), ("low", "high")])
def test_a_higher_level_thinks_more(interactions, less, more):
    def tokens(level):
        answer = interactions.create(
            model=MODEL, input="What is 6 times 7?", generation_config={"thinking_level": level}
        )
        return answer.usage.total_thought_tokens

    assert tokens(less) < tokens(more)


def test_thoughts_come_first_in_a_stream(interactions):
    events = interactions.create(
        model=MODEL,
        input="What is 6 times 7?",
        generation_config={"thinking_summaries": "auto"},
        stream=True,
    )
    deltas = [event["delta"]["type"] for event in map(plain, events) if "delta" in event]

    assert deltas.index("thought_summary") < deltas.index("thought_signature") < deltas.index("text")


def test_a_replayed_thought_is_kept_as_it_was(interactions):
    said = user_said("What is 6 times 7?")
    first = interactions.create(model=MODEL, input=said, store=False, generation_config={"thinking_summaries": "auto"})
    second = interactions.create(model=MODEL, input=[*said, *model_said(first), *user_said("And again?")])
    stored = plain(interactions.get(second.id, include_input=True))
    replayed = [part for turn in stored["input"] for part in turn["content"]] if IS_LEGACY else stored["steps"]

    assert thoughts_of(first)[0] in replayed
    assert text_of(second) != ""
