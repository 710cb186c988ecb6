"""Sessions of the official client with a server, through the proxy and without it."""

import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import anyio
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from places import MOONGATE

DECISION = "dev.moongate/decision"
PATIENCE = 60  # seconds until a session that hangs is given up


def through(policy: Path, command: Sequence[str]) -> list[str]:
    """The command line that puts the proxy in front of a server."""
    return [str(MOONGATE), "-c", str(policy), "--", *command]


@contextlib.asynccontextmanager
async def connected(
    command: Sequence[str], environment: dict[str, str] | None = None, directory: Path | None = None
) -> AsyncIterator[ClientSession]:
    """A session that has been opened; what the other side writes to stderr is shown where the session fails."""
    # The client hands little of its environment on.
    environment = {"XDG_STATE_HOME": os.environ["XDG_STATE_HOME"], **(environment or {})}
    parameters = StdioServerParameters(
        command=command[0], args=list(command[1:]), env=environment, cwd=directory)
    with tempfile.TemporaryFile("w+") as errors:
        try:
            with anyio.fail_after(PATIENCE):
                async with stdio_client(parameters, errlog=errors) as streams, ClientSession(*streams) as session:
                    await session.initialize()
                    yield session
        except BaseException as failure:
            errors.seek(0)
            failure.add_note("stderr: " + errors.read()[-4000:])
            raise


def text_of(result: CallToolResult) -> str:
    return "".join(getattr(part, "text", "") for part in result.content)


def decision_of(result: CallToolResult) -> dict[str, Any]:
    """The proxy's decision; empty where the server itself answered."""
    return (result.meta or {}).get(DECISION, {})


def assert_refused(result: CallToolResult, rule: str) -> dict[str, Any]:
    """Holds a refusal against its contract, and returns the decision."""
    assert result.isError, text_of(result)
    decision = decision_of(result)
    assert decision["rule"] == rule
    assert isinstance(decision["decisionId"], str) and decision["decisionId"]
    assert text_of(result) == f'[moongate] refused by "{rule}": {decision["reason"]}'
    assert "\n" not in text_of(result)
    return decision


def assert_answered(result: CallToolResult) -> CallToolResult:
    """Holds that the server's own answer came through."""
    assert not result.isError, text_of(result)
    assert not decision_of(result)
    return result
