"""mcp-luma behind the example's policy, asked by the official client in protocol 2025-11-25."""

import subprocess
import sys
from pathlib import Path

import pytest

from demo import TRICKS
from places import LUMA, MOONGATE, ROOT, server
from sessions import assert_answered, assert_refused, connected, text_of, through
from stand_in import StandIn

pytestmark = pytest.mark.anyio

POLICY = LUMA / "policy.yaml"
SERVER = [server("mcp-luma")]
VIDEO = "luma_generate_video_from_image"
FRAME = {"prompt": "waves", "start_image_url": "https://images.example.com/a.png"}


async def test_list_is_the_servers_own_but_for_what_is_hidden(api: StandIn) -> None:
    async with connected(SERVER, api.environment) as session:
        direct = (await session.list_tools()).model_dump()
    async with connected(through(POLICY, SERVER), api.environment) as session:
        proxied = (await session.list_tools()).model_dump()
    assert [tool["name"] for tool in direct["tools"]].count("luma_list_actions") == 1
    direct["tools"] = [tool for tool in direct["tools"] if tool["name"] != "luma_list_actions"]
    assert proxied == direct


async def test_opening_is_the_servers_own(api: StandIn) -> None:
    async with connected(through(POLICY, SERVER), api.environment) as session:
        assert session.get_server_capabilities() is not None
        opened = await session.send_ping()
        assert opened.model_dump(exclude_none=True) == {}


@pytest.mark.parametrize(
    ("tool", "arguments", "rule"),
    [
        pytest.param("luma_list_actions", {}, "hide", id="hidden"),
        pytest.param("luma_extend_video_from_url", {"video_url": "https://v.example.com/a", "prompt": "more"},
                     "default", id="not named"),
        pytest.param("no_such_tool", {}, "default", id="not there"),
        pytest.param(VIDEO, {"prompt": "waves"}, "frames present", id="no frame"),
        pytest.param(VIDEO, {"prompt": "waves", "end_image_url": ""}, "frames present", id="blank frame"),
        pytest.param(VIDEO, {}, "prompt of a sensible length", id="no prompt"),
        pytest.param(VIDEO, {**FRAME, "prompt": "é" * 501}, "prompt of a sensible length", id="long prompt"),
        pytest.param(VIDEO, {**FRAME, "end_image_url": "https://10.0.0.1/a.png"}, "frames come over https",
                     id="private image"),
        pytest.param(VIDEO, {**FRAME, "aspect_ratio": "9:21", "loop": True}, "no loops of ultrawide", id="loop"),
        pytest.param("luma_get_tasks_batch", {"task_ids": ["a"] * 51}, "at most fifty tasks", id="batch"),
    ],
)
async def test_refused(api: StandIn, tool: str, arguments: dict, rule: str) -> None:
    async with connected(through(POLICY, SERVER), api.environment) as session:
        assert_refused(await session.call_tool(tool, arguments), rule)
    assert api.received == []


async def test_client_that_never_lists_is_judged_by_the_servers_own_schema(api: StandIn, policy) -> None:
    strict = policy('tools: { "*": { arguments: strict } }\n')
    async with connected(through(strict, SERVER), api.environment) as session:
        # The client lists for itself once a call has passed.
        refusals = [
            await session.call_tool("luma_get_task", {"task_id": "task-1", "verbose": True}),
            await session.call_tool("luma_get_task", {"task_id": 1}),
            await session.call_tool("no_such_tool", {}),
        ]
        assert_answered(await session.call_tool("luma_get_task", {"task_id": "task-1"}))
    reasons = [assert_refused(result, "arguments")["reason"] for result in refusals]
    assert "args.verbose must not be there" in reasons[0]
    assert "args.task_id must be a string" in reasons[1]
    assert reasons[2] == "the server does not list this tool, so its arguments cannot be checked"
    assert len(api.received) == 1


async def test_reason_of_a_script_is_told(api: StandIn) -> None:
    async with connected(through(POLICY, SERVER), api.environment) as session:
        result = await session.call_tool(VIDEO, {"prompt": "waves"})
        assert assert_refused(result, "frames present")["reason"] == (
            "give at least one of start_image_url and end_image_url")


async def test_reason_is_filled_in(api: StandIn) -> None:
    async with connected(through(POLICY, SERVER), api.environment) as session:
        result = await session.call_tool(VIDEO, {**FRAME, "aspect_ratio": "9:21", "loop": True})
        assert assert_refused(result, "no loops of ultrawide")["reason"] == (
            "A looping video cannot be 9:21; choose 16:9, or loop false.")


async def test_no_trick_gets_a_callback_out(api: StandIn) -> None:
    async with connected(through(POLICY, SERVER), api.environment) as session:
        for url in TRICKS:
            result = await session.call_tool(VIDEO, {**FRAME, "callback_url": url})
            assert_refused(result, "callback stays at home")
    assert api.received == []


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        pytest.param(VIDEO, FRAME, id="first frame"),
        pytest.param(VIDEO, {"prompt": "waves", "end_image_url": "https://images.example.com/b.png"}, id="last frame"),
        pytest.param(VIDEO, {**FRAME, "callback_url": "https://hooks.example.com/done?x=1"}, id="callback at home"),
        pytest.param(VIDEO, {**FRAME, "prompt": "волны, 波, 🌊, e\u0301"}, id="a prompt in many scripts"),
        pytest.param("luma_generate_video", {"prompt": "waves", "callback_url": None}, id="null callback"),
        pytest.param("luma_get_task", {"task_id": "task-1"}, id="task"),
        pytest.param("luma_get_tasks_batch", {"task_ids": ["a", "b"]}, id="batch"),
        pytest.param("luma_list_aspect_ratios", {}, id="no arguments"),
        pytest.param("luma_get_task", {"task_id": 1}, id="the server's own refusal"),
    ],
)
async def test_answer_is_the_same_with_and_without(tool: str, arguments: dict) -> None:
    answers = []
    for command in (SERVER, through(POLICY, SERVER)):
        with StandIn() as api:
            async with connected(command, api.environment) as session:
                answers.append(((await session.call_tool(tool, arguments)).model_dump(), api.received))
    assert answers[0] == answers[1]


async def test_thirty_first_call_in_a_minute_is_refused_with_the_time_to_wait(api: StandIn) -> None:
    async with connected(through(POLICY, SERVER), api.environment) as session:
        for _ in range(5):
            assert_refused(await session.call_tool(VIDEO, {"prompt": "waves"}), "frames present")
        for _ in range(30):
            assert_answered(await session.call_tool(VIDEO, FRAME))
        result = await session.call_tool(VIDEO, FRAME)
        decision = assert_refused(result, "thirty a minute")
        assert 0 < decision["retryAfterSeconds"] <= 60
        assert decision["remaining"] == 0
        assert "30 of 30" in text_of(result)
        assert_answered(await session.call_tool("luma_generate_video", {"prompt": "waves"}))
    assert len(api.received) == 31


async def test_sessions_count_for_themselves(api: StandIn) -> None:
    for _ in range(2):
        async with connected(through(POLICY, SERVER), api.environment) as session:
            for _ in range(30):
                assert_answered(await session.call_tool(VIDEO, FRAME))
    assert len(api.received) == 60


def run_demo(moongate: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(LUMA / "demo.py"), "--moongate", str(moongate)],
        cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_demo_is_content() -> None:
    demo = run_demo(MOONGATE)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    assert "NOT WHAT" not in demo.stdout


def test_demo_notices_a_proxy_that_lets_everything_pass(tmp_path: Path) -> None:
    open_door = tmp_path / "open-door"
    open_door.write_text('#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n')
    open_door.chmod(0o755)
    demo = run_demo(open_door)
    assert demo.returncode == 1
    assert "NOT WHAT THE POLICY PROMISES" in demo.stdout
