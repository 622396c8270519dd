import pytest
from google import genai
from google.genai._interactions import AuthenticationError
from hub_process import running_hub
from wire import MODEL


@pytest.fixture(scope="module")
def guarded_url():
    with running_hub({"INTERACTIONS_HUB_API_KEYS": "correct-horse-battery-staple"}) as url:
        yield url


def test_the_right_key_opens_the_hub(guarded_url):
    client = genai.Client(api_key="correct-horse-battery-staple", http_options={"base_url": guarded_url})

    assert client.interactions.create(model=MODEL, input="Hello").status == "completed"
    assert client.models.get(model=MODEL).name == f"models/{MODEL}"


def test_a_wrong_key_is_refused_and_not_told_again(guarded_url):
    client = genai.Client(api_key="wrong", http_options={"base_url": guarded_url})

    with pytest.raises(AuthenticationError) as refusal:
        client.interactions.create(model=MODEL, input="Hello")

    assert refusal.value.status_code == 401
    assert "wrong" not in str(refusal.value.body)
