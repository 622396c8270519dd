import asyncio
import json
import urllib.request

import pytest
from fold_events import fold_events
from google import genai
from google.genai._interactions import NotFoundError
from wire import ENDED, MODEL, parts_of, plain, text_of


def run(base_url, work):
    """Runs a coroutine with a client of its own, because an asynchronous one belongs to the loop of its first use."""

    async def with_client():
        async with genai.Client(api_key="local", http_options={"base_url": base_url}).aio as client:
            return await asyncio.wait_for(work(client.interactions), 20)

    return asyncio.run(with_client())


def test_create_chain_read_and_delete(base_url):
    async def work(interactions):
        first = await interactions.create(model=MODEL, input="My name is Ada.")
        second = await interactions.create(model=MODEL, input="What is my name?", previous_interaction_id=first.id)
        stored = await interactions.get(second.id)
        await interactions.delete(second.id)
        with pytest.raises(NotFoundError):
            await interactions.get(second.id)
        return second, stored

    second, stored = run(base_url, work)
    assert "Ada" in text_of(second)
    assert parts_of(stored) == parts_of(second)


def test_stream_and_resume(base_url):
    async def work(interactions):
        live = await interactions.create(model=MODEL, input="Count from 1 to 9", background=True, stream=True)
        events = [plain(event) async for event in live]
        identity = events[0]["interaction"]["id"]
        rest = await interactions.get(identity, stream=True, last_event_id=events[4]["event_id"])
        return events, [plain(event) async for event in rest], await interactions.get(identity)

    events, rest, stored = run(base_url, work)
    assert fold_events(events)["parts"] == parts_of(stored)
    assert rest == events[5:]


def test_many_streams_at_once_do_not_mix(base_url):
    async def work(interactions):
        async def follow(number):
            live = await interactions.create(
                model="simulator-slow-5", input=f"Count from {number} to {number + 3}", stream=True
            )
            return fold_events([plain(event) async for event in live])

        return await asyncio.gather(*(follow(number) for number in range(100, 120)))

    for number, folded in zip(range(100, 120), run(base_url, work), strict=True):
        text = str(folded["parts"][-1])
        assert all(str(counted) in text for counted in range(number, number + 4))
        assert str(number - 1) not in text


def test_a_reader_is_not_kept_waiting_by_a_run_that_was_cancelled(base_url):
    async def work(interactions):
        running = await interactions.create(model="simulator-fault-stall-5", input="Hello", background=True)

        async def follow():
            live = await interactions.get(running.id, stream=True)
            return [plain(event) async for event in live]

        reader = asyncio.create_task(follow())
        await asyncio.sleep(0.05)
        cancelled = await interactions.cancel(running.id)
        return cancelled, await reader

    cancelled, events = run(base_url, work)
    assert cancelled.status == "cancelled"
    assert events[-1]["event_type"] == ENDED
    assert events[-1]["interaction"]["status"] == "cancelled"


def test_a_run_that_is_not_stored_ends_with_its_reader(base_url):
    def running():
        with urllib.request.urlopen(f"{base_url}/healthz") as reply:
            return json.load(reply)["load"]["runs"]

    async def work(interactions):
        waiting = asyncio.create_task(interactions.create(model="simulator-fault-stall", input="Hello", store=False))
        while running() == before:
            await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        while running() > before:
            await asyncio.sleep(0.01)
        return await interactions.create(model=MODEL, input="Hello")

    before = running()
    assert run(base_url, work).status == "completed"
