import pytest
from google import genai
from google.oauth2.credentials import Credentials
from wire import IS_LEGACY, MODEL, STARTED, parts_of

VERSIONS = ["v1beta", "v1alpha"] if IS_LEGACY else ["v1", "v1beta", "v1alpha"]


def works(client) -> bool:
    answer = client.interactions.create(model=MODEL, input="Hello")
    first, *_ = client.interactions.create(model=MODEL, input="Hello", stream=True)
    stored = client.interactions.get(answer.id)
    return first.event_type == STARTED and parts_of(stored) == parts_of(answer) != []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_of_the_path_works(base_url, version):
    assert works(genai.Client(api_key="local", http_options={"base_url": base_url, "api_version": version}))


@pytest.mark.parametrize("suffix", ["/", "/gemini", "/proxies/v1/google/"])
def test_a_base_url_may_have_a_path(base_url, suffix):
    assert works(genai.Client(api_key="local", http_options={"base_url": base_url + suffix}))


def test_the_environment_can_name_the_hub(base_url, monkeypatch):
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", base_url)
    monkeypatch.setenv("GEMINI_API_KEY", "any")

    assert works(genai.Client())


def test_the_paths_of_the_cloud_platform_work(base_url):
    assert works(
        genai.Client(
            vertexai=True,
            project="any",
            location="europe-west1",
            credentials=Credentials("any"),
            http_options={"base_url": base_url},
        )
    )
