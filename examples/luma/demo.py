"""An agent session through the proxy, each call with what became of it.

    python examples/luma/demo.py --moongate .build-release/release/moongate

The agent is the official MCP client, the server the real mcp-luma; only the paid API behind it is a stand-in on this
machine. Fails where an outcome is not the one that the policy promises.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

from stand_in import StandIn

HERE = Path(__file__).resolve().parent
POLICY = HERE / "policy.yaml"
DECISION = "dev.moongate/decision"
VIDEO = "luma_generate_video_from_image"
COLOUR = sys.stdout.isatty() and "NO_COLOR" not in os.environ

# What each of these would get past, were the check a naive one.
TRICKS = {
    "https://evil.test/collect": "no trick at all",
    "https://hooks.example.com.evil.test/": "a check of how it begins",
    "https://evil.test/?next=hooks.example.com": "a check of whether it contains",
    "https://evil-hooks.example.com/": "a check of how the host ends",
    "https://hooks.example.com@evil.test/": "a name for a user",
    "https://evil.test\\@hooks.example.com/": "browsers end the host at the backslash",
    "https://evil.test#@hooks.example.com/": "some parsers look for the @ first",
    "https://hooks.example.com./": "the same host, but not the same name",
    "https://hooks.example.com:8443/": "a port of its own",
    "https://hooks\u3002example.com/": "an ideographic full stop",
    "https://h\u043eoks.example.com/": "a Cyrillic o",
    "http://hooks.example.com/": "without TLS",
    "https://127.0.0.1/": "this machine",
    "https://2130706433/": "this machine, in decimal",
    "https://0x7f.1/": "this machine, in hexadecimal",
    "https://[::ffff:127.0.0.1]/": "this machine, in IPv6",
    "https://169.254.169.254/latest/meta-data/": "the cloud's own secrets",
    "//hooks.example.com/": "no scheme",
    "javascript:alert(1)//hooks.example.com": "no URL of the web",
    " https://hooks.example.com/": "a space before it",
}


@dataclass
class Demo:
    """A session, the API behind it, and how many outcomes were not the expected ones."""

    session: ClientSession
    api: StandIn
    surprises: int = 0

    async def call(self, tool: str, arguments: dict[str, Any]) -> CallToolResult:
        return await self.session.call_tool(tool, arguments)

    async def refused(
        self, label: str, tool: str, arguments: dict[str, Any], rule: str, reason: str = ""
    ) -> dict[str, Any]:
        """Calls, and expects the refusal of that rule for that reason, before anything reached the API."""
        before = len(self.api.received)
        result = await self.call(tool, arguments)
        decision = (result.meta or {}).get(DECISION, {})
        expected = bool(
            result.isError and decision.get("rule") == rule and reason in decision.get("reason", "")
            and len(self.api.received) == before)
        self.show("refused" if result.isError else "passed", label, text_of(result), expected)
        return decision

    async def passed(self, label: str, tool: str, arguments: dict[str, Any], detail: str = "") -> CallToolResult:
        """Calls, and expects the server's own answer."""
        result = await self.call(tool, arguments)
        expected = not result.isError and DECISION not in (result.meta or {})
        self.show("refused" if result.isError else "passed", label, detail or text_of(result), expected)
        return result

    def expect(self, label: str, holds: bool, detail: str) -> None:
        self.show("yes" if holds else "no", label, detail, holds)

    def show(self, outcome: str, label: str, detail: str, expected: bool) -> None:
        colour = {"refused": 33, "passed": 32, "yes": 32, "no": 31}[outcome]
        print(f"  {paint(f'{outcome:<8}', colour)}{label}")
        for line in wrapped(detail):
            print(f"          {paint(line, 2)}")
        if not expected:
            self.surprises += 1
            print(f"          {paint('NOT WHAT THE POLICY PROMISES', 31)}")


def text_of(result: CallToolResult) -> str:
    return " ".join(getattr(part, "text", "") for part in result.content)


def wrapped(text: str) -> list[str]:
    """The text on at most two lines."""
    return textwrap.wrap(" ".join(text.split()), 108, max_lines=2, placeholder=" …")


def task_of(result: CallToolResult) -> str:
    """The task's name in the server's answer; empty where there is none."""
    try:
        return str(json.loads(text_of(result)).get("task_id", ""))
    except json.JSONDecodeError:
        return ""


def paint(text: str, code: int) -> str:
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


def heading(text: str) -> None:
    print(f"\n{paint(text, 1)}")


def visible(url: str) -> str:
    """The URL as it is shown: what is not ASCII, or hard to see, as an escape."""
    return json.dumps(url)


async def play(demo: Demo) -> None:
    heading("What the agent sees")
    listed = [tool.name for tool in (await demo.session.list_tools()).tools]
    demo.expect("tools are listed", VIDEO in listed, ", ".join(sorted(listed)))
    demo.expect("one is hidden", "luma_list_actions" not in listed, "luma_list_actions is not among them …")
    await demo.refused("… nor can it be called", "luma_list_actions", {}, "hide")
    await demo.refused(
        "a tool that the policy does not name",
        "luma_extend_video_from_url", {"video_url": "https://videos.example.com/a.mp4", "prompt": "on"}, "default")

    heading("A Lua validator: at least one frame")
    frame = {"prompt": "waves roll in", "start_image_url": "https://images.example.com/beach.png"}
    await demo.refused(
        "no frame", VIDEO, {"prompt": "waves roll in"}, "frames present", "give at least one of start_image_url")
    await demo.refused(
        "two blank frames", VIDEO, {"prompt": "waves roll in", "start_image_url": "", "end_image_url": ""},
        "frames present", "give at least one of start_image_url")

    heading("Rules: images over https, prompts that are prompts")
    await demo.refused(
        "an image on the cloud's metadata service",
        VIDEO, {"prompt": "waves", "start_image_url": "https://169.254.169.254/latest/"}, "frames come over https")
    await demo.refused(
        "a prompt of 4000 characters", VIDEO, {**frame, "prompt": "wave " * 800}, "prompt of a sensible length")
    await demo.refused(
        "a loop in 21:9", VIDEO, {**frame, "aspect_ratio": "21:9", "loop": True}, "no loops of ultrawide")

    heading("Callbacks: hooks.example.com and nobody else")
    for url, trick in TRICKS.items():
        await demo.refused(f"{visible(url)}  {paint(trick, 2)}", VIDEO, {**frame, "callback_url": url},
                           "callback stays at home")

    heading("A good call")
    result = await demo.passed("answered by the real server", VIDEO,
                               {**frame, "callback_url": "https://hooks.example.com/done"})
    task = task_of(result)
    demo.expect("the API got what the agent sent", demo.api.received[-1:] != []
                and demo.api.received[-1].body.get("start_image_url") == frame["start_image_url"],
                json.dumps(demo.api.received[-1].body if demo.api.received else None))
    await demo.passed("its task", "luma_get_task", {"task_id": task})

    heading("Thirty a minute: refused calls did not count, the good one did")
    for number in range(2, 30):
        result = await demo.call(VIDEO, frame)
        if result.isError:
            demo.show("refused", f"call {number}", text_of(result), expected=False)
            break
    await demo.passed("the 30th", VIDEO, frame)
    decision = await demo.refused("the 31st", VIDEO, frame, "thirty a minute")
    wait = decision.get("retryAfterSeconds")
    demo.expect("it says how long to wait", isinstance(wait, int) and 0 < wait <= 60, f"retryAfterSeconds: {wait}")


async def run(moongate: Path, server: str) -> int:
    with StandIn() as api, tempfile.TemporaryFile("w+") as errors, tempfile.TemporaryDirectory() as state:
        parameters = StdioServerParameters(
            command=str(moongate), args=["-c", str(POLICY), "--", server],
            env={**api.environment, "XDG_STATE_HOME": state})
        print(f"{paint('$', 2)} moongate -c {os.path.relpath(POLICY)} -- {Path(server).name}")
        try:
            async with stdio_client(parameters, errlog=errors) as streams, ClientSession(*streams) as session:
                opened = await session.initialize()
                print(paint(f"  {opened.serverInfo.name}, protocol {opened.protocolVersion}", 2))
                demo = Demo(session, api)
                await play(demo)
        except BaseException:
            errors.seek(0)
            print("".join(errors.readlines()[-20:]), file=sys.stderr)
            raise
    if demo.surprises:
        print(f"\n{paint(f'{demo.surprises} outcomes are not what the policy promises.', 31)}")
        return 1
    heading("Next")
    print(f"""  The policy of this session:      {os.path.relpath(POLICY)}
  Change it, and look:             moongate check {os.path.relpath(POLICY)}
  What would become of a call:     moongate eval -c {os.path.relpath(POLICY)} --explain calls.ndjson
  Put it before your own server:   moongate -c policy.yaml -- your-server --its-flags
  From here:                       docs/quick-start.md""")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="An agent session with mcp-luma through the proxy.")
    parser.add_argument("--moongate", type=Path, required=True, help="the program to run")
    parser.add_argument("--server", default=str(Path(sys.executable).parent / "mcp-luma"), help="mcp-luma")
    options = parser.parse_args()
    if not options.moongate.is_file():
        parser.error(f"there is no {options.moongate}: `make build` makes it")
    return asyncio.run(asyncio.wait_for(run(options.moongate.resolve(), options.server), timeout=120))


if __name__ == "__main__":
    sys.exit(main())
