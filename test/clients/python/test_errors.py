import pytest
from google import genai
from google.genai._interactions import APIStatusError, BadRequestError, NotFoundError, RateLimitError
from wire import IS_LEGACY, MODEL

FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object"}}
REFUSED = {
    "an unknown model": ({"model": "gpt-4"}, NotFoundError, "gpt-4"),
    "an unknown agent": ({"model": None, "agent": "nobody", "background": True}, NotFoundError, "nobody"),
    "an empty input": ({"input": ""}, BadRequestError, "input"),
    "no contents": ({"input": []}, BadRequestError, "input"),
    "an unknown member": ({"extra_body": {"temperature": 1}}, BadRequestError, "generation_config.temperature"),
    "an unknown setting": ({"generation_config": {"top_kk": 1}}, BadRequestError, "top_kk"),
    "an unknown level": ({"generation_config": {"thinking_level": "deep"}}, BadRequestError, "thinking_level"),
    "a number out of range": ({"generation_config": {"top_p": 7}}, BadRequestError, "generation_config.top_p"),
    "an unknown tool": ({"extra_body": {"tools": [{"type": "telepathy"}]}}, BadRequestError, r"tools\[0\]"),
    "a call of nothing": (
        {"tools": [FUNCTION], "generation_config": {"tool_choice": {"allowed_tools": {"tools": ["g"]}}}},
        BadRequestError,
        "tool_choice",
    ),
    "an unknown parent": ({"previous_interaction_id": "v1_unknown"}, BadRequestError, "previous_interaction_id"),
    "the background without a store": ({"store": False, "background": True}, BadRequestError, "background"),
    "a broken image": (
        {"input": [{"type": "image", "data": "not base64!", "mime_type": "image/png"}]},
        BadRequestError,
        r"content\[0\].data|input\[0\].data",
    ),
}


@pytest.mark.parametrize(("members", "error", "told"), REFUSED.values(), ids=REFUSED.keys())
@pytest.mark.parametrize("stream", [False, True], ids=["create", "stream"])
def test_a_permanent_refusal_is_one_request_and_one_clear_error(counted, members, error, told, stream):
    interactions, requests = counted
    request = {"model": MODEL, "input": "Hello", **members, "stream": stream}

    with pytest.raises(error, match=told) as refusal:
        interactions.create(**{name: value for name, value in request.items() if value is not None})

    assert len(requests) == 1
    assert set(refusal.value.body) == {"error"}
    assert set(refusal.value.body["error"]) == {"code", "message"}
    assert refusal.value.status_code == (404 if error is NotFoundError else 400)


@pytest.mark.parametrize(
    "call",
    [
        lambda interactions: interactions.get("v1_unknown"),
        lambda interactions: interactions.get("v1_unknown", stream=True),
        lambda interactions: interactions.delete("v1_unknown"),
        lambda interactions: interactions.cancel("v1_unknown"),
    ],
    ids=["get", "get as a stream", "delete", "cancel"],
)
def test_an_unknown_id_is_one_request_and_not_found(counted, call):
    interactions, requests = counted

    with pytest.raises(NotFoundError) as refusal:
        call(interactions)

    assert refusal.value.status_code == 404
    assert refusal.value.body["error"]["code"] == "not_found"
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("status", "name"), [(400, "BadRequestError"), (401, "AuthenticationError"), (403, "PermissionDeniedError")]
)
def test_what_an_upstream_refuses_for_good_is_not_repeated(counted, status, name):
    interactions, requests = counted

    with pytest.raises(APIStatusError) as refusal:
        interactions.create(model=f"simulator-fault-refuse-{status}", input="Hello")

    assert type(refusal.value).__name__ == name
    assert refusal.value.status_code == status
    assert len(requests) == 1


def test_a_rate_limit_is_repeated_as_the_client_likes_and_then_told(base_url):
    attempts = {} if IS_LEGACY else {"retry_options": {"attempts": 2}}
    client = genai.Client(api_key="local", http_options={"base_url": base_url, **attempts})

    with pytest.raises(RateLimitError) as refusal:
        client.interactions.create(model="simulator-fault-refuse-429", input="Hello")

    assert refusal.value.body["error"]["code"] == "rate_limit_exceeded"
    assert refusal.value.response.headers["retry-after"] == "1"
