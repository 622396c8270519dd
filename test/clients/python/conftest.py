"""One hub for the whole session, and clients that were told nothing but its address."""

import os
import warnings

import pytest
from google import genai
from hub_process import running_hub
from request_counter import request_counter

# A developer's own account must not reach the client, nor a proxy stand between it and this machine.
for name in [name for name in os.environ if name.startswith(("GOOGLE_", "GEMINI_"))]:
    del os.environ[name]
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

# Said once per process when the client's property is first read, outside of any test that pytest could filter.
warnings.filterwarnings("ignore", message=".*experimental.*")


def pytest_addoption(parser):
    parser.addoption("--other-python", help="a Python in which the other generation of the client is installed")


def pytest_report_header():
    return f"google-genai {genai.__version__}"


@pytest.fixture(scope="session")
def base_url():
    with running_hub() as url:
        yield url


@pytest.fixture(scope="session")
def client(base_url):
    return genai.Client(api_key="local", http_options={"base_url": base_url})


@pytest.fixture(scope="session")
def interactions(client):
    return client.interactions


@pytest.fixture(scope="session")
def counted_client(base_url):
    with request_counter(base_url) as (url, requests):
        yield genai.Client(api_key="local", http_options={"base_url": url}), requests


@pytest.fixture
def counted(counted_client):
    """A client whose requests are counted on their way: `(interactions, requests)`."""
    client, requests = counted_client
    requests.clear()
    return client.interactions, requests
