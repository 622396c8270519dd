"""One vocabulary over both generations of the client: what each of them calls the same things."""

from google import genai

IS_LEGACY = int(genai.__version__.split(".")[0]) < 2

STARTED = "interaction.start" if IS_LEGACY else "interaction.created"
ENDED = "interaction.complete" if IS_LEGACY else "interaction.completed"
PART_STARTED = "content.start" if IS_LEGACY else "step.start"
PART_DELTA = "content.delta" if IS_LEGACY else "step.delta"
PART_STOPPED = "content.stop" if IS_LEGACY else "step.stop"

CONTENT_TYPES = ("text", "image", "audio", "video", "document")

MODEL = "gemini-2.5-flash"


def plain(value):
    """What the client has parsed, as JSON without the members that are not set."""
    return value.model_dump(mode="json", exclude_none=True)


def user_said(*contents) -> list:
    """What the user says in a replayed history."""
    parts = [{"type": "text", "text": content} if isinstance(content, str) else content for content in contents]
    return [{"role": "user", "content": parts} if IS_LEGACY else {"type": "user_input", "content": parts}]


def model_said(interaction) -> list:
    """What came of an interaction, as the documentation replays it: the client's own objects, unchanged."""
    if IS_LEGACY:
        return [{"role": "model", "content": interaction.outputs}]
    return [step for step in interaction.steps if step.type != "user_input"]


def result_of(call: dict, result, **members) -> dict:
    """The result that an application sends for a call."""
    return {"type": "function_result", "call_id": call["id"], "name": call["name"], "result": result, **members}


def results_said(*results) -> list:
    """Function results in a replayed history."""
    return [{"role": "user", "content": list(results)}] if IS_LEGACY else list(results)


def parts_of(interaction) -> list[dict]:
    """What came of an interaction: legacy outputs, or the steps that are not the user's."""
    if IS_LEGACY:
        return [plain(part) for part in interaction.outputs or []]
    return [step for step in map(plain, interaction.steps or []) if step["type"] != "user_input"]


def contents_of(interaction) -> list[dict]:
    """Texts and media that the model put out."""
    if IS_LEGACY:
        return [part for part in parts_of(interaction) if part["type"] in CONTENT_TYPES]
    return [
        content
        for step in parts_of(interaction)
        if step["type"] == "model_output"
        for content in step.get("content", [])
    ]


def text_of(interaction) -> str:
    return "".join(content["text"] for content in contents_of(interaction) if content["type"] == "text")


def calls_of(interaction) -> list[dict]:
    return [part for part in parts_of(interaction) if part["type"] == "function_call"]


def json_by(schema: dict) -> dict:
    """The members of a request that demand JSON by a schema."""
    if IS_LEGACY:
        return {"response_format": schema, "response_mime_type": "application/json"}
    return {"response_format": {"type": "text", "mime_type": "application/json", "schema": schema}}


def media_of(kind: str) -> dict:
    """The members of a request that demand an image or audio."""
    return {"response_modalities": [kind]} if IS_LEGACY else {"response_format": {"type": kind}}


def text_in(events: list[dict]) -> str:
    """The text that the deltas among these events add."""
    deltas = [event["delta"] for event in events if event["event_type"] == PART_DELTA]
    return "".join(delta["text"] for delta in deltas if delta["type"] == "text")


def failure_of(interaction) -> list[dict]:
    """Why an interaction did not complete; the old client has no such member but keeps what it does not know."""
    return plain(interaction).get("errors", [])
