import base64
import io
import struct
import wave
import zlib

import pytest
from wire import IS_LEGACY, MODEL, contents_of, media_of, plain, text_of, user_said


def png(width: int, height: int) -> bytes:
    """A real picture: one colour, no filter."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x20\x80\xc0" * width) * height
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def image(content: bytes) -> dict:
    return {"type": "image", "data": base64.b64encode(content).decode(), "mime_type": "image/png"}


def user_contents(interactions, identity: str) -> list[dict]:
    stored = plain(interactions.get(identity, include_input=True))
    return stored["input"][0]["content"] if IS_LEGACY else stored["steps"][0]["content"]


def test_an_image_is_seen_and_given_back_byte_by_byte(interactions):
    sent = [{"type": "text", "text": "What is this?"}, image(png(3, 2))]
    answer = interactions.create(model=MODEL, input=sent)

    assert "image" in text_of(answer)
    assert answer.usage.total_input_tokens > 0
    assert user_contents(interactions, answer.id) == sent


def test_an_image_stays_in_the_chain(interactions):
    first = interactions.create(model=MODEL, input=[{"type": "text", "text": "Remember this."}, image(png(3, 2))])
    second = interactions.create(model=MODEL, input="What did I say?", previous_interaction_id=first.id)

    assert second.usage.total_input_tokens > first.usage.total_input_tokens
    assert "Remember this" in text_of(second)


@pytest.mark.parametrize(
    "content",
    [
        {"type": "image", "uri": "https://example.com/a.png", "mime_type": "image/png"},
        {"type": "audio", "data": base64.b64encode(b"RIFF").decode(), "mime_type": "audio/wav"},
        {"type": "video", "uri": "https://www.youtube.com/watch?v=9hE5-98ZeCg"},
        {"type": "document", "data": base64.b64encode(b"%PDF-1.4").decode(), "mime_type": "application/pdf"},
    ],
    ids=lambda content: content["type"],
)
def test_every_kind_of_media_is_accepted_and_given_back(interactions, content):
    answer = interactions.create(model=MODEL, input=user_said("What is this?", content))

    assert content["type"] in text_of(answer)
    assert user_contents(interactions, answer.id)[1] == content


def test_a_large_image_survives(interactions):
    # Noise does not compress: half a megabyte as it is.
    noise = b"".join(struct.pack(">Q", pow(3, exponent, 2**61 - 1)) for exponent in range(65_536))
    sent = image(noise)
    answer = interactions.create(model=MODEL, input=[{"type": "text", "text": "What is this?"}, sent])

    assert user_contents(interactions, answer.id)[1] == sent


@pytest.mark.parametrize("stored", [False, True], ids=["as answered", "as stored"])
def test_an_image_comes_out(interactions, stored):
    answer = interactions.create(model="gemini-2.5-flash-image", input="Draw a red square", **media_of("image"))
    answer = interactions.get(answer.id) if stored else answer
    (picture,) = [content for content in contents_of(answer) if content["type"] == "image"]
    content = base64.b64decode(picture["data"], validate=True)

    assert picture["mime_type"] == "image/png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert content[12:16] == b"IHDR"
    if not IS_LEGACY:
        assert answer.output_image.data == picture["data"]


@pytest.mark.parametrize("stored", [False, True], ids=["as answered", "as stored"])
def test_a_sound_comes_out(interactions, stored):
    answer = interactions.create(model="gemini-2.5-flash-preview-tts", input="Say hello", **media_of("audio"))
    answer = interactions.get(answer.id) if stored else answer
    (sound,) = [content for content in contents_of(answer) if content["type"] == "audio"]

    assert sound["mime_type"] == "audio/wav"
    with wave.open(io.BytesIO(base64.b64decode(sound["data"], validate=True))) as recording:
        assert recording.getnframes() > 0


def test_a_function_can_answer_with_an_image(interactions):
    camera = {"type": "function", "name": "take_picture", "description": "Takes a picture with the camera"}
    asked = interactions.create(model=MODEL, input="Take a picture", tools=[camera])
    (call,) = [part for part in (asked.outputs if IS_LEGACY else asked.steps) if part.type == "function_call"]
    answer = interactions.create(
        model=MODEL,
        previous_interaction_id=asked.id,
        input=[{"type": "function_result", "call_id": call.id, "name": call.name, "result": [image(png(2, 2))]}],
    )

    assert "image" in text_of(answer)
