"""Requests that together make a stream say everything that it can say; what is not named is an ordinary model."""

from wire import json_by, media_of

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Gets the weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
}
REQUESTS = {
    "text": {"input": "Count from 1 to 9"},
    "long text": {"input": "Write a story of 150 words about a lighthouse."},
    "thoughts": {
        "input": "What is 6 times 7?",
        "generation_config": {"thinking_level": "high", "thinking_summaries": "auto"},
    },
    "one call": {"input": "What is the weather in Porto?", "tools": [WEATHER]},
    "several calls": {"input": "What is the weather in Porto and in Lisbon?", "tools": [WEATHER]},
    "a call without arguments": {
        "input": "What is the current time?",
        "tools": [{"type": "function", "name": "get_current_time", "description": "Gets the current time"}],
    },
    "JSON": {"input": "Ada is 36 years old.", **json_by(PERSON)},
    "search": {
        "input": "Search for the sum of 2 and 2.",
        "tools": [{"type": "google_search"}],
        # Enough for the first of its sources: every event costs the newest client milliseconds.
        "generation_config": {"max_output_tokens": 75},
    },
    "code": {"input": "Run Python code: what is 2 ** 10?", "tools": [{"type": "code_execution"}]},
    "an image": {"model": "gemini-2.5-flash-image", "input": "Draw a red square", **media_of("image")},
    "audio": {"model": "gemini-2.5-flash-preview-tts", "input": "Say hello", **media_of("audio")},
    "too few tokens": {"input": "Count from 1 to 500", "generation_config": {"max_output_tokens": 30}},
}
