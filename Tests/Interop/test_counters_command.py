"""`moongate counters`, beside proxies that count."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from places import MOONGATE, ROOT
from raw import Peer, encode, spoken_to
from sessions import through
from test_cli import moongate

SERVER = [sys.executable, str(ROOT / "Tests" / "EndToEndTests" / "Servers" / "server.py")]

POLICY = """
tools:
  echo:
    rules:
      - { name: five an hour, rate_limit: 5/hour }
      - { name: each account, budget: { max: 9.50, window: day, cost: args.amount, per: args.account } }
      - { name: one at a time, rate_limit: { max: 4, window: hour, algorithm: bucket, per: all } }
      - { name: by session, rate_limit: { max: 4, window: 60 } }
"""


def call(peer: Peer, number: int, **arguments: Any) -> dict[str, Any]:
    answer = peer.ask(encode({"jsonrpc": "2.0", "id": number, "method": "tools/call",
                              "params": {"name": "echo", "arguments": arguments}}))
    return json.loads(answer)


def is_refused(answer: dict[str, Any]) -> bool:
    return "dev.moongate/decision" in answer["result"].get("_meta", {})


def listed(*arguments: str | Path) -> list[dict[str, Any]]:
    process = moongate("counters", "--json", *arguments)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)["counters"]


@pytest.fixture
def file(policy) -> Path:
    return policy(POLICY)


def test_what_is_counted_is_shown_while_proxies_count(file: Path) -> None:
    with spoken_to(through(file, SERVER)) as peer:
        peer.open()
        assert not is_refused(call(peer, 1, account="alice", amount=1.25))
        assert not is_refused(call(peer, 2, account="alice", amount=0.5))
        assert not is_refused(call(peer, 3, account="bob", amount=2))
        found = {(each["counter"].rsplit("]", 1)[0].rsplit('"', 2)[1], each["used"]): each
                 for each in listed("-c", file)}
        assert set(found) == {
            ("five an hour", 3), ("each account", 1.75), ("each account", 2), ("one at a time", found_bucket(found))}
        hour = found["five an hour", 3]
        assert hour["whose"] == "all"
        assert hour["max"] == 5
        assert hour["algorithm"] == "sliding"
        assert hour["windowSeconds"] == 3600
        assert 3590 < hour["freeInSeconds"] <= 3600
        assert hour["policy"] == str(file)
        alice, bob = found["each account", 1.75]["whose"], found["each account", 2]["whose"]
        assert alice != bob and "alice" not in json.dumps(list(found.values()))

        table = moongate("counters", "-c", file)
        assert table.returncode == 0
        lines = table.stdout.splitlines()
        assert lines[0].split() == ["COUNTER", "WHOSE", "USED", "WINDOW", "FREE", "IN"]
        assert any("echo: five an hour: rate_limit" in line and "3 of 5" in line for line in lines)
        assert len(lines) == 5


def found_bucket(found: dict[tuple[str, float], Any]) -> float:
    """What a bucket holds drains while the test runs."""
    (used,) = [used for name, used in found if name == "one at a time"]
    assert 2.9 < used <= 3
    return used


def test_a_reset_is_felt_by_proxies_that_run(file: Path) -> None:
    with spoken_to(through(file, SERVER)) as peer:
        peer.open()
        for number in range(4):
            assert not is_refused(call(peer, number, account="a", amount=1))
        assert is_refused(call(peer, 4, account="a", amount=1))  # by session and by the bucket
        reset = moongate("counters", "reset", "-c", file, "five an hour", "one at a time")
        assert reset.returncode == 0, reset.stderr
        assert reset.stdout.startswith("2 counts begin anew in ")
        assert [each["used"] for each in listed("-c", file)] == [4]  # the budget
        reset = moongate("counters", "reset", "--all")
        assert reset.stdout.startswith("1 count begins anew in ")
        assert listed() == []
        assert moongate("counters").stdout.startswith("nothing is counted in ")


def test_one_of_many_can_be_reset(file: Path) -> None:
    with spoken_to(through(file, SERVER)) as peer:
        peer.open()
        call(peer, 1, account="a", amount=1)
        call(peer, 2, account="b", amount=2)
        whose = next(each["whose"] for each in listed() if each["used"] == 2 and "each account" in each["counter"])
        assert moongate("counters", "reset", "each account", "--whose", whose).returncode == 0
        assert [each["used"] for each in listed() if "each account" in each["counter"]] == [1]


def test_a_name_that_nothing_has_is_an_error_that_helps(file: Path) -> None:
    with spoken_to(through(file, SERVER)) as peer:
        peer.open()
        call(peer, 1, account="a", amount=1)
        failed = moongate("counters", "reset", "five an hours")
        assert failed.returncode == 1
        assert 'did you mean "five an hour"?' in failed.stderr
        assert len(listed()) == 3


def test_other_policies_counts_are_shown_only_without_a_policy(file: Path, policy) -> None:
    other = policy(POLICY, "other.yaml")
    for path in (file, other):
        with spoken_to(through(path, SERVER)) as peer:
            peer.open()
            call(peer, 1, account="a", amount=1)
    assert len(listed("-c", file)) == 3
    assert {each["policy"] for each in listed()} == {str(file), str(other)}
    assert moongate("counters").stdout.splitlines()[0].endswith("POLICY")


def test_what_cannot_be_seen_is_said(policy, tmp_path: Path) -> None:
    memory = policy('store: "memory:"\n' + POLICY)
    seen = moongate("counters", "-c", memory)
    assert seen.returncode == 2
    assert "memory" in seen.stderr
    assert moongate("counters", "--state", f"sqlite:{tmp_path}/none.db").stdout.startswith("nothing is counted in ")
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "garbage.db").write_bytes(b"no database at all, but long enough to be taken for one" * 20)
    (tmp_path / "garbage.db").chmod(0o600)
    seen = moongate("counters", "--state", f"sqlite:{tmp_path}/garbage.db")
    assert seen.returncode == 2
    assert "garbage.db" in seen.stderr


def test_it_is_watched_until_interrupted(file: Path) -> None:
    with spoken_to(through(file, SERVER)) as peer:
        peer.open()
        call(peer, 1, account="a", amount=1)
        with subprocess.Popen(
                [str(MOONGATE), "counters", "--watch", "--json"], stdout=subprocess.PIPE, text=True) as watching:
            first = json.loads(watching.stdout.readline())
            call(peer, 2, account="a", amount=1)
            seen = first
            while seen["counters"][0]["used"] != 2:
                seen = json.loads(watching.stdout.readline())
            watching.send_signal(signal.SIGINT)
            assert watching.wait(timeout=10) in (130, -signal.SIGINT)
