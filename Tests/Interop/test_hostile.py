"""Every hostile script of Tests/ScriptingTests/Hostile, run by the real program: none gets further than its limits."""

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from places import INTEROP, MOONGATE, ROOT
from processes import children, most_resident, processor_time, resident
from raw import Peer, encode, spoken_to

SCRIPTS = sorted((ROOT / "Tests" / "ScriptingTests" / "Hostile").glob("*.lua"))
SERVER = INTEROP.parent / "EndToEndTests" / "Servers" / "server.py"
DEADLINE = 0.05  # seconds, by default
CAP = 8 << 20  # of a script's memory, by default
ROOM = 16 << 20  # what may be there beside it

INNOCENT = """
function check(call)
  return false, ("a,b"):gsub(",", call.args.x) .. #json.encode({1}) .. (re.match("(.)z", "xyz") or "none")
end
"""
POLICY = """
tools:
  innocent:
    rules:
      - {{ name: innocent, script: innocent.lua }}
  hostile:
    rules:
      - {{ name: hostile, script: {script} }}
"""


class Proxy:
    """The program over a plain server, and its validator process."""

    def __init__(self, peer: Peer, log: Path) -> None:
        self.peer = peer
        self.pid = peer.process.pid
        self.log = log
        self.calls = 0

    @property
    def worker(self) -> int:
        [worker] = [child for child, command in children(self.pid).items() if "__validate" in command]
        return worker

    def call(self, tool: str, **arguments: object) -> bytes:
        self.calls += 1
        return encode({"jsonrpc": "2.0", "id": self.calls, "method": "tools/call",
                       "params": {"name": tool, "arguments": arguments}})

    def ask(self, tool: str, **arguments: object) -> str | None:
        """Why the call was refused; None where it passed."""
        return refusal(self.peer.ask(self.call(tool, **arguments)))

    def fault(self) -> str:
        """What the log says of the last script that failed."""
        failed = re.findall(r"^moongate: refused hostile.*$", self.log.read_text(encoding="utf-8"), re.MULTILINE)
        return failed[-1] if failed else ""


def refusal(answer: bytes) -> str | None:
    result = json.loads(answer)["result"]
    return result["content"][0]["text"] if result.get("isError") else None


@contextmanager
def proxy(script: Path, folder: Path) -> Iterator[Proxy]:
    (folder / "innocent.lua").write_text(INNOCENT, encoding="utf-8")
    (folder / "hostile.lua").write_bytes(script.read_bytes())
    (folder / "policy.yaml").write_text(POLICY.format(script="hostile.lua"), encoding="utf-8")
    log = folder / "log"
    with log.open("wb") as errors, spoken_to(
            [str(MOONGATE), "-c", str(folder / "policy.yaml"), "--", "python3", str(SERVER)], errors) as peer:
        peer.open()
        yield Proxy(peer, log)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_gets_no_further_than_its_limits(script: Path, tmp_path: Path, overrun) -> None:
    expected, _, detail = script.read_text(encoding="utf-8").split("\n")[0].removeprefix("-- expect: ").partition(" ")
    with proxy(script, tmp_path) as guarded:
        innocent = guarded.ask("innocent", x="-")
        assert innocent.endswith("a-b3y")
        before, files = resident(guarded.pid), sorted(tmp_path.rglob("*"))

        begun = time.monotonic()
        answer = guarded.ask("hostile", x=1)
        overrun(script.stem, time.monotonic() - begun - DEADLINE)

        assert guarded.ask("innocent", x="-") == innocent
        # At no moment, let alone for seconds. Of validator processes there is one: the old one, or, where that had to
        # be stopped at the deadline, the one in its place.
        assert most_resident(guarded.pid) - before <= CAP + ROOM
        assert most_resident(guarded.worker) <= CAP + ROOM
        assert sorted(tmp_path.rglob("*")) == files
        if expected == "pass":
            assert answer is None
        elif expected == "refuse":
            assert 'refused by "hostile"' in answer and answer.endswith(detail)
        else:
            # A slower machine may come to the deadline before a script has used up the rest.
            assert "could not be checked" in answer
            assert detail in guarded.fault() or "took more time than its limit" in guarded.fault()


LOOP = """
function check(call)
  while call.args.n == 1 do end
end
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_crash_costs_one_call(number: int, tmp_path: Path) -> None:
    script = tmp_path / "loop.lua"
    script.write_text(LOOP, encoding="utf-8")
    with proxy(script, tmp_path) as guarded:
        assert guarded.ask("hostile", n=0) is None
        limits = "limits: { script: { time: 60s, instructions: 1000000000 } }\n"
        policy = tmp_path / "policy.yaml"
        policy.write_text(limits + policy.read_text(encoding="utf-8"), encoding="utf-8")
        os.kill(guarded.pid, signal.SIGHUP)
        while "is in force" not in guarded.log.read_text(encoding="utf-8"):
            time.sleep(0.01)

        worker = guarded.worker
        used = processor_time(worker)
        for n in range(1, 17):
            guarded.peer.send(guarded.call("hostile", n=n))
        while processor_time(worker) < used + 3:
            time.sleep(0.01)
        os.kill(worker, number)
        answers = [refusal(guarded.peer.receive()) for _ in range(16)]
        assert "could not be checked" in answers[0] and answers[1:] == [None] * 15
        assert "the validator process ended" in guarded.fault()
        assert guarded.worker != worker
        assert guarded.ask("hostile", n=0) is None


def test_an_idle_worker_is_small(tmp_path: Path) -> None:
    script = tmp_path / "idle.lua"
    script.write_text("function check() end\n", encoding="utf-8")
    with proxy(script, tmp_path) as guarded:
        assert guarded.ask("hostile") is None
        worker, end = guarded.worker, time.monotonic() + 30
        while resident(worker) >= 6_000_000 and time.monotonic() < end:
            time.sleep(0.05)
        assert resident(worker) < 6_000_000
        assert guarded.ask("innocent", x="-").endswith("a-b3y")
        assert guarded.worker == worker
