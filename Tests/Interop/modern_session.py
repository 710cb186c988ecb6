"""One session of the SDK that speaks 2026-07-28; runs in .venv-modern.

    python modern_session.py MODE command args…

Prints what it saw as one JSON object.
"""

import asyncio
import json
import os
import sys
from typing import Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp_types import ElicitResult


def plain(value: Any) -> Any:
    return value.model_dump(by_alias=True, mode="json", exclude_none=True)


async def say_yes(context: Any, parameters: Any) -> ElicitResult:
    return ElicitResult(action="accept", content={"sure": True})


async def observe(mode: str, command: list[str]) -> dict[str, Any]:
    parameters = StdioServerParameters(
        command=command[0], args=command[1:], env={"XDG_STATE_HOME": os.environ["XDG_STATE_HOME"]})
    async with Client(parameters, mode=mode, elicitation_callback=say_yes) as client:
        seen: dict[str, Any] = {"protocol": client.protocol_version, "tools": plain(await client.list_tools())}
        for name, tool, arguments in [
            ("sum", "add", {"a": 1, "b": 2}),
            ("large sum", "add", {"a": 9007199254740993, "b": 0}),
            ("too large", "add", {"a": 1000001, "b": 0}),
            ("wrong type", "add", {"a": 1, "b": "two"}),
            ("secret", "secret", {}),
            ("unknown", "no_such_tool", {}),
            ("asked", "remove", {"what": "the draft"}),
            ("not asked", "remove", {"what": "everything"}),
        ]:
            seen[name] = plain(await client.call_tool(tool, arguments))
        seen["resources"] = plain(await client.list_resources())
        seen["note"] = plain(await client.read_resource("note://today"))
        seen["prompts"] = plain(await client.list_prompts())
        seen["greeting"] = plain(await client.get_prompt("greet", {"name": "Ada"}))
        return seen


print(json.dumps(asyncio.run(asyncio.wait_for(observe(sys.argv[1], sys.argv[2:]), timeout=60))))
