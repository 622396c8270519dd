import pytest
from google.genai import errors
from wire import MODEL


def test_the_models_can_be_listed(client):
    models = {model.name: model for model in client.models.list()}

    assert models[f"models/{MODEL}"].display_name == "Gemini 2.5 Flash"
    assert models[f"models/{MODEL}"].input_token_limit > 0
    assert models[f"models/{MODEL}"].output_token_limit > 0
    assert "models/simulator" in models


def test_every_listed_model_can_be_read_by_its_name(client):
    for model in client.models.list():
        assert client.models.get(model=model.name) == model


def test_the_list_comes_in_pages_of_the_size_that_is_asked_for(client):
    whole = [model.name for model in client.models.list()]
    pager = client.models.list(config={"page_size": 3})

    assert len(pager.page) == 3
    assert [model.name for model in pager] == whole
    assert len(set(whole)) == len(whole)


def test_an_unknown_model_is_not_found(client):
    with pytest.raises(errors.ClientError) as refusal:
        client.models.get(model="nobody")

    assert refusal.value.code == 404
    assert "nobody" in str(refusal.value)
