"""Run with the Python of the other generation: does one thing at a hub and prints as JSON what it saw."""

import json
import sys

from google import genai
from wire import IS_LEGACY, MODEL, calls_of, parts_of, plain, text_of

CLOCK = {"type": "function", "name": "get_current_time", "description": "Gets the current time"}


def seen(interaction) -> dict:
    return {"id": interaction.id, "is_legacy": IS_LEGACY, "text": text_of(interaction), "parts": parts_of(interaction)}


def begin(interactions, said):
    return seen(interactions.create(model=MODEL, input=said))


def call(interactions, said):
    asked = interactions.create(model=MODEL, input=said, tools=[CLOCK])
    return seen(asked) | {"calls": calls_of(asked)}


def go_on(interactions, identity, said):
    return seen(interactions.create(model=MODEL, input=said, previous_interaction_id=identity))


def read(interactions, identity):
    return seen(interactions.get(identity)) | {
        "events": [plain(event) for event in interactions.get(identity, stream=True)]
    }


def stream(interactions, said):
    return [plain(event) for event in interactions.create(model=MODEL, input=said, background=True, stream=True)]


def resume(interactions, identity, cursor):
    return [plain(event) for event in interactions.get(identity, stream=True, last_event_id=cursor)]


if __name__ == "__main__":
    base_url, command, *arguments = sys.argv[1:]
    work = {"begin": begin, "call": call, "go_on": go_on, "read": read, "stream": stream, "resume": resume}[command]
    client = genai.Client(api_key="local", http_options={"base_url": base_url})
    json.dump(work(client.interactions, *arguments), sys.stdout)
