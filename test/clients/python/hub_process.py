"""The hub as its users run it: a process of its own, found by the address that it prints."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
LAUNCHER = REPOSITORY / "server" / "launch.mjs"
CHAT_SERVER = REPOSITORY / "test" / "cases" / "serve-fake-chat.ts"
# In memory, on any free port, alone, and without the pauses by which the simulator looks like a model.
ARGUMENTS = "--port 0 --db :memory: --discover false --simulator-token-interval-ms 0 --simulator-agent-step-ms 0"
GRACE_SECONDS = 20
ERROR_LEVEL = 50


@contextmanager
def running_hub(variables: dict[str, str] | None = None) -> Iterator[str]:
    """Runs a hub and gives its base URL; at the end it must stop cleanly and have logged no error."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = start(ARGUMENTS.split(), log, variables or {})
        try:
            yield base_url_of(process, log)
        finally:
            exit_code = stop(process)
            errors = error_lines(log)
        assert errors == [], "the hub logged errors"
        # Windows has no signal by which a process could be asked to end.
        assert exit_code == 0 or os.name == "nt", f"the hub stopped with exit code {exit_code}"


@contextmanager
def running_chat_server() -> Iterator[str]:
    """Runs a fake OpenAI-compatible server, for a hub to ask, and gives its base URL."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = start(["--run", str(CHAT_SERVER)], log, {})
        try:
            yield base_url_of(process, log)
        finally:
            stop(process)


def start(arguments: list[str], log, variables: dict[str, str]) -> subprocess.Popen:
    # What the developer has set for a hub of their own must not reach this one.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("INTERACTIONS_HUB_")}
    return subprocess.Popen(
        ["node", str(LAUNCHER), *arguments],
        stdout=subprocess.PIPE,
        stderr=log,
        encoding="utf-8",
        env=inherited | variables,
    )


def base_url_of(process: subprocess.Popen, log) -> str:
    for line in process.stdout:
        found = re.search(r"listens on (http://\S+)", line)
        if found:
            return found[1]
    log.seek(0)
    raise RuntimeError(f"the server did not start:\n{log.read()}")


def stop(process: subprocess.Popen) -> int:
    process.terminate()
    try:
        return process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        process.stdout.close()


def error_lines(log) -> list[str]:
    log.seek(0)
    # Node itself may write lines of another kind, such as warnings.
    return [line for line in log if line.startswith("{") and json.loads(line)["level"] >= ERROR_LEVEL]
