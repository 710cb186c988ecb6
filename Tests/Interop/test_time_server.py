"""mcp-server-time: what passes is the same to the byte, errors included."""

import pytest

from places import server
from raw import encode, spoken_to
from sessions import assert_answered, assert_refused, connected, through

TIME = [server("mcp-server-time"), "--local-timezone", "Europe/Berlin"]

POLICY = """
tools:
  get_current_time:
    rules:
      - name: zones of ours
        require:
          - args.timezone: { in: [Europe/Berlin, Asia/Tokyo] }
  convert_time:
    rules:
      - name: hours and minutes
        require:
          - args.time: { regex: '^[0-9]{2}:[0-9]{2}$' }
"""

CONVERT = {"source_timezone": "Europe/Berlin", "time": "12:30", "target_timezone": "Asia/Tokyo"}


@pytest.mark.anyio
async def test_tools_and_answers_are_the_same_with_and_without(policy) -> None:
    seen = []
    for command in (TIME, through(policy(POLICY), TIME)):
        async with connected(command) as session:
            tools = (await session.list_tools()).model_dump()
            result = assert_answered(await session.call_tool("convert_time", CONVERT))
            failed = await session.call_tool("convert_time", {**CONVERT, "target_timezone": "Mars/Olympus"})
            seen.append((tools, result.model_dump(), failed.model_dump()))
    assert seen[0] == seen[1]


@pytest.mark.anyio
async def test_rules_hold(policy) -> None:
    async with connected(through(policy(POLICY), TIME)) as session:
        assert_answered(await session.call_tool("get_current_time", {"timezone": "Asia/Tokyo"}))
        assert_refused(await session.call_tool("get_current_time", {"timezone": "Europe/Paris"}), "zones of ours")
        assert_refused(await session.call_tool("get_current_time", {}), "zones of ours")
        assert_refused(await session.call_tool("convert_time", {**CONVERT, "time": "noon"}), "hours and minutes")
        assert_answered(await session.call_tool("convert_time", CONVERT))


def test_bytes_are_the_same_with_and_without(policy) -> None:
    lines = [
        encode({"jsonrpc": "2.0", "id": 1, "method": "ping"}),
        b'{ "method":"tools/list" , "id" : "a\\u0062\xc3\xa9", "jsonrpc":"2.0"}',
        encode({"jsonrpc": "2.0", "id": 2, "method": "tools/call",
                "params": {"name": "convert_time", "arguments": CONVERT}}),
        b'{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call",'
        b'"params":{"arguments":{"time":"\\u0031\\u0032:30","target_timezone":"Asia/Tokyo",'
        b'"source_timezone":"Europe/Berlin"},"name":"convert\\u005ftime"}}',
        encode({"jsonrpc": "2.0", "id": 3, "method": "resources/list"}),
        encode({"jsonrpc": "2.0", "id": 4, "method": "no/such/method"}),
        encode({"jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": {"name": "no_such_tool"}}),
    ]
    heard = []
    for command in (TIME, through(policy(POLICY), TIME)):
        with spoken_to(command) as peer:
            heard.append([peer.open(), *(peer.ask(line) for line in lines)])
    assert heard[0] == heard[1]
