"""Every fenced example of the documentation is true; CONTRIBUTING.md says what the words after the language mean."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from places import MOONGATE, ROOT
from test_cli import moongate

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("rules/*/*.md"), *ROOT.glob("examples/*/*.md")])
FENCE = re.compile(r"^( *)```(\w*)([^\n]*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Fence:
    """One fenced block: its language, what follows it, its text, and the line it begins on."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int

    def word(self, key: str) -> str | None:
        return next((word.removeprefix(f"{key}=") for word in self.words if word.startswith(f"{key}=")), None)


def fences(page: Path) -> list[Fence]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        indent, language, words, body = match.groups()
        body = "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))
        found.append(Fence(language, tuple(words.split()), body, text[: match.start()].count("\n") + 1))
    assert text.count("```") == 2 * len(found), f"{page.name}: a fence is not closed"
    return found


def hold(fence: Fence, folder: Path) -> None:
    """Holds one example against the program; `folder` has what the page's examples before it have kept."""
    match fence.language:
        case "yaml":
            yaml.safe_load(fence.text)
            if name := fence.word("policy"):
                (folder / name).write_text(fence.text, encoding="utf-8")
                checked = moongate("check", name, "--json", at=folder)
                assert checked.returncode == 0, checked.stdout + checked.stderr
        case "lua":
            path = folder / (fence.word("script") or "fragment.lua")
            path.write_text(fence.text, encoding="utf-8")
            subprocess.run(["luac5.4", "-p", "--", str(path)], check=True)
        case "json":
            if policy := fence.word("call"):
                decided = moongate("eval", "-c", policy, "--json", "-", given=fence.text, at=folder)
                verdicts = [json.loads(line)["verdict"] for line in decided.stdout.splitlines()]
                expected = [fence.word("verdict")] * len(fence.text.splitlines())
                assert verdicts == expected, decided.stdout + decided.stderr
            else:
                json.loads(fence.text)
        case "sh":
            if "run" in fence.words:
                run(fence, folder)
        case "text":
            pass
        case other:
            pytest.fail(f"nobody knows how to test {other!r}")


def run(fence: Fence, folder: Path) -> None:
    commands = folder / "bin"
    if not commands.exists():
        commands.mkdir()
        (commands / "moongate").symlink_to(MOONGATE.resolve())
    environment = {**os.environ, "PATH": f"{commands}:{os.environ['PATH']}"}
    ran = subprocess.run(
        [shutil.which("bash") or "/bin/bash", "-e", "-c", fence.text], cwd=folder, env=environment,
        capture_output=True, text=True, timeout=60)
    assert ran.returncode == int(fence.word("status") or 0), ran.stdout + ran.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_examples(page: Path, tmp_path: Path) -> None:
    for fence in fences(page):
        try:
            hold(fence, tmp_path)
        except BaseException as failure:
            failure.add_note(f"the example is {page.relative_to(ROOT)}:{fence.line}")
            raise


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if target.startswith(("https://", "http://")):
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        assert other.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(other), f"{page.name} links to {target}"


def test_operators_that_the_reference_names_are_there(policy) -> None:
    section = (ROOT / "docs/policy.md").read_text(encoding="utf-8").split("\n## Operators\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert len(documented) == len(set(documented)) == 22
    lists = {"in", "not_in"}
    numbers = {"eq", "neq", "lt", "lte", "gt", "gte", "length"}
    operands = {"exists": "true", "present": "true", "type": "string", "url": "{}", "plain_text": "true",
                "ip": "{ in: [10.0.0.0/8] }", "schema": "{ type: string }", "format": "email"}
    for name in documented:
        operand = operands.get(name) or ("[1]" if name in lists else "1" if name in numbers else "a")
        path = policy(f"tools:\n  a:\n    rules:\n      - require:\n          - args.x: {{ {name}: {operand} }}\n")
        checked = moongate("check", path)
        assert checked.returncode == 0, f"{name}: {checked.stdout}{checked.stderr}"
