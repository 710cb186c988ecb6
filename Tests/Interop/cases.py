"""Runs the cases of a rule folder: each becomes a run of `moongate eval` on a simulated clock."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from places import MOONGATE

START = 1_800_000_000  # seconds since 1970, so that no case depends on the day it runs


@dataclass(frozen=True)
class Case:
    """One case of a file, as it stands there."""

    file: Path
    name: str
    policy: Path
    steps: list[dict[str, Any]]


def cases_of(file: Path) -> Iterator[Case]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    policy = (file.parent / document["policy"]).resolve()
    for case in document["cases"]:
        steps = case["steps"] if "steps" in case else [case]
        yield Case(file, case["name"], policy, steps)


def lines_of(case: Case) -> Iterator[tuple[str, Any]]:
    """Each call as a line for `eval`, with what is expected of it."""
    at = START
    for step in case.steps:
        at += step.get("wait", 0)
        call = {"tool": step["call"]["tool"], "arguments": step["call"].get("args", {}), "at": at}
        for _ in range(step.get("repeat", 1)):
            yield json.dumps(call), step["expect"]


def objection(expected: Any, decision: dict[str, Any]) -> str | None:
    """What the decision has that the case does not expect; nil where it is as expected."""
    if expected == "allowed":
        return None if decision["verdict"] == "allowed" else "not allowed"
    if decision["verdict"] != "refused":
        return "not refused"
    if decision["rule"] != expected["refused"]:
        return "refused by another rule"
    if expected.get("reason", "") not in decision["reason"]:
        return "refused for another reason"
    if "retry_after" in expected and decision.get("retryAfterSeconds") != expected["retry_after"]:
        return "another time to wait"
    return None


def run(case: Case) -> list[str]:
    """What went otherwise than expected, a line each."""
    lines = list(lines_of(case))
    process = subprocess.run(
        [str(MOONGATE), "eval", "-c", str(case.policy), "--json", "-"],
        input="".join(line + "\n" for line, _ in lines), capture_output=True, text=True, timeout=60)
    decisions = [json.loads(line) for line in process.stdout.splitlines()]
    if len(decisions) != len(lines):
        return [f"{len(lines)} calls, {len(decisions)} decisions: {process.stderr}"]
    failures = []
    for (line, expected), decision in zip(lines, decisions, strict=True):
        if why := objection(expected, decision):
            failures.append(f"{why}: {line}\n  expected {expected}\n  but {decision}")
    return failures
