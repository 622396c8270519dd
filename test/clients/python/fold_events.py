"""What a client can put together from a stream; it must equal what it gets when it reads the interaction afterwards."""

import json

from wire import ENDED, IS_LEGACY, PART_DELTA, PART_STARTED, PART_STOPPED, STARTED


def fold_events(events: list[dict]) -> dict:
    """The interaction's identity and end state, with its parts (legacy outputs, or steps)."""
    interaction: dict = {}
    parts: list[dict] = []
    arguments: list[str] = []
    for event in events:
        kind = event["event_type"]
        if kind in (STARTED, ENDED):
            interaction |= event["interaction"]
        elif kind == PART_STARTED:
            assert event["index"] == len(parts), "parts are numbered without gaps and never overlap"
            parts.append(dict(event["content" if IS_LEGACY else "step"]))
            arguments = []
        elif kind == PART_DELTA:
            assert event["index"] == len(parts) - 1, "a delta belongs to the open part"
            delta = event["delta"]
            if delta["type"] == "arguments_delta":
                arguments.append(delta["arguments"])
            else:
                add_delta(parts[-1], delta)
        elif kind == PART_STOPPED:
            assert event["index"] == len(parts) - 1, "only the open part stops"
            if arguments:
                parts[-1]["arguments"] = json.loads("".join(arguments))
    return interaction | {"parts": [without_empty_signature(part) for part in parts]}


def add_delta(part: dict, delta: dict) -> None:
    kind = delta["type"]
    if kind == "thought_signature":
        part["signature"] = delta["signature"]
    elif kind == "thought_summary":
        part.setdefault("summary", []).append(delta["content"])
    elif IS_LEGACY and kind == "text":
        part["text"] = part.get("text", "") + delta["text"]
    elif IS_LEGACY and kind == "text_annotation":
        part.setdefault("annotations", []).extend(delta["annotations"])
    elif part["type"] == "model_output":
        add_content(part.setdefault("content", []), delta)
    else:
        part |= delta


def add_content(contents: list[dict], delta: dict) -> None:
    last = contents[-1] if contents and contents[-1]["type"] == "text" else None
    if delta["type"] == "text":
        if last is None:
            contents.append({"type": "text", "text": delta["text"]})
        else:
            last["text"] += delta["text"]
    elif delta["type"] == "text_annotation_delta":
        assert last is not None, "annotations follow the text that they are about"
        last.setdefault("annotations", []).extend(delta["annotations"])
    else:
        contents.append(delta)


def without_empty_signature(part: dict) -> dict:
    """A part starts with an empty signature where one may follow; none did."""
    return {name: value for name, value in part.items() if name != "signature" or value != ""}
