"""mcp-server-git on a real repository: what is refused has not happened, what passes has."""

import os
import subprocess
from pathlib import Path

import pytest

from places import server
from sessions import assert_answered, assert_refused, connected, text_of, through

pytestmark = pytest.mark.anyio

POLICY = """
default: deny
hide: [git_reset, "git_check*"]
tools:
  "git_*":
    rules:
      - name: this repository only
        require:
          - args.repo_path: {{ eq: {repository} }}
  git_status: {{ rules: [] }}
  git_log:
    rules:
      - name: a page at a time
        require:
          - args.max_count: {{ default: 10, type: integer, gte: 1, lte: 20 }}
  git_commit:
    rules:
      - name: a subject line
        require:
          - args.message: {{ regex: '^[A-Z].{{4,71}}$' }}
        reason: Begin with a capital, and keep to 72 characters.
  git_create_branch:
    rules:
      - {{ name: no branches, action: deny, reason: Branches are for people. }}
"""


def git(repository: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    return subprocess.run(
        ["git", "-C", str(repository), *arguments], check=True, capture_output=True, text=True, env=environment).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    path = tmp_path / "repository"
    path.mkdir()
    git(path, "init", "--quiet", "--initial-branch", "main")
    git(path, "config", "user.name", "Interop")
    git(path, "config", "user.email", "interop@example.com")
    (path / "one.txt").write_text("one\n")
    git(path, "add", "one.txt")
    git(path, "commit", "--quiet", "-m", "Add one")
    (path / "one.txt").write_text("one\nand a half\n")
    (path / "two.txt").write_text("two — zwei\n")
    return path


def command(repository: Path) -> list[str]:
    return [server("mcp-server-git"), "--repository", str(repository)]


async def test_answers_are_the_same_with_and_without(repository: Path, policy) -> None:
    calls = [
        ("git_status", {"repo_path": str(repository)}),
        ("git_log", {"repo_path": str(repository), "max_count": 5}),
        ("git_diff_unstaged", {"repo_path": str(repository)}),
        ("git_show", {"repo_path": str(repository), "revision": "HEAD"}),
        ("git_show", {"repo_path": str(repository), "revision": "no-such-revision"}),
    ]
    seen = []
    governed = through(policy(POLICY.format(repository=repository)), command(repository))
    for line in (command(repository), governed):
        async with connected(line) as session:
            tools = {tool.name: tool.model_dump() for tool in (await session.list_tools()).tools}
            seen.append((tools, [(await session.call_tool(*call)).model_dump() for call in calls]))
    direct, proxied = seen
    assert proxied[1] == direct[1]
    hidden = direct[0].keys() - proxied[0].keys()
    assert hidden == {"git_reset", "git_checkout"}
    assert proxied[0] == {name: tool for name, tool in direct[0].items() if name not in hidden}


async def test_what_is_refused_has_not_happened(repository: Path, policy) -> None:
    before = git(repository, "log", "--format=%H", "--all"), git(repository, "status", "--porcelain")
    path = {"repo_path": str(repository)}
    async with connected(through(policy(POLICY.format(repository=repository)), command(repository))) as session:
        assert_refused(await session.call_tool("git_reset", path), "hide")
        assert_refused(await session.call_tool("git_checkout", {**path, "branch_name": "main"}), "hide")
        assert_refused(await session.call_tool("git_create_branch", {**path, "branch_name": "mine"}), "no branches")
        assert_refused(await session.call_tool("git_add", {"repo_path": "/", "files": ["."]}), "this repository only")
        assert_refused(await session.call_tool("git_log", {**path, "max_count": 1000}), "a page at a time")
        assert_refused(await session.call_tool("git_log", {**path, "max_count": "5"}), "a page at a time")
        result = await session.call_tool("git_commit", {**path, "message": "wip"})
        assert assert_refused(result, "a subject line")["reason"] == "Begin with a capital, and keep to 72 characters."
    assert before == (git(repository, "log", "--format=%H", "--all"), git(repository, "status", "--porcelain"))


async def test_what_passes_has_happened(repository: Path, policy) -> None:
    path = {"repo_path": str(repository)}
    async with connected(through(policy(POLICY.format(repository=repository)), command(repository))) as session:
        assert_answered(await session.call_tool("git_add", {**path, "files": ["one.txt", "two.txt"]}))
        assert_answered(await session.call_tool("git_commit", {**path, "message": "Add two — zwei"}))
        assert "two.txt" not in text_of(assert_answered(await session.call_tool("git_status", path)))
    assert git(repository, "log", "-1", "--format=%s") == "Add two — zwei\n"
