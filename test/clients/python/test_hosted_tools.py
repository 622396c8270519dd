from wire import MODEL, contents_of, parts_of, plain, text_of


def of_type(interaction, kind: str) -> list[dict]:
    return [part for part in parts_of(interaction) if part["type"] == kind]


def test_a_search_shows_its_queries_its_result_and_its_sources(interactions):
    answer = interactions.create(model=MODEL, input="Search the web for lighthouses", tools=[{"type": "google_search"}])
    (call,) = of_type(answer, "google_search_call")
    (result,) = of_type(answer, "google_search_result")
    (text,) = contents_of(answer)

    assert answer.status == "completed"
    assert any("lighthouses" in query for query in call["arguments"]["queries"])
    assert result["call_id"] == call["id"]
    assert "lighthouses" in result["result"][0]["search_suggestions"]
    assert {annotation["type"] for annotation in text["annotations"]} == {"url_citation"}
    for citation in text["annotations"]:
        # Offsets count bytes of UTF-8.
        assert text["text"].encode()[citation["start_index"] : citation["end_index"]].decode().strip() != ""
    assert plain(answer)["usage"]["grounding_tool_count"] == [{"type": "google_search", "count": 1}]


def test_executed_code_shows_what_ran_and_what_came_out(interactions):
    answer = interactions.create(
        model=MODEL, input="Run Python code: what is 2 ** 10?", tools=[{"type": "code_execution"}]
    )
    (call,) = of_type(answer, "code_execution_call")
    (result,) = of_type(answer, "code_execution_result")

    assert call["arguments"]["language"] == "python"
    assert result["call_id"] == call["id"]
    assert "1024" in result["result"]
    assert "1024" in text_of(answer)


def test_a_page_that_is_named_is_read(interactions):
    answer = interactions.create(
        model=MODEL, input="Summarise https://example.com/lighthouses", tools=[{"type": "url_context"}]
    )
    (call,) = of_type(answer, "url_context_call")
    (result,) = of_type(answer, "url_context_result")

    assert call["arguments"]["urls"] == ["https://example.com/lighthouses"]
    assert [page["url"] for page in result["result"]] == ["https://example.com/lighthouses"]


def test_a_chain_goes_on_after_a_hosted_tool(interactions):
    searched = interactions.create(
        model=MODEL, input="Search the web for lighthouses", tools=[{"type": "google_search"}]
    )
    answer = interactions.create(model=MODEL, input="What did I say?", previous_interaction_id=searched.id)

    assert "Search the web for lighthouses" in text_of(answer)
