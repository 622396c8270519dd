"""Run with the Python of the other generation.

For each line of JSON, `[command, argument, …]`, it does one thing at a hub and answers with a line of what it saw.
"""

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
    commands = {work.__name__: work for work in (begin, call, go_on, read, stream, resume)}
    client = genai.Client(api_key="local", http_options={"base_url": sys.argv[1]})
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        print(json.dumps(commands[command](client.interactions, *arguments)), flush=True)
