"""Limits in a Redis server that several proxies share: exact under load, and whatever becomes of the server."""

import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from callers import Caller, callers, times
from redis_server import Redis, redis
from test_cli import moongate

PROXIES = 8
CALLS = 20_000
SECOND = 1_000_000_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Redis]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis(folder) as running:
        yield running


def limited(policy, server: Redis, *limits: str) -> Path:
    rules = "".join(f"      - {limit}\n" for limit in limits)
    return policy(f'store: "{server.url}"\ntools:\n  count:\n    rules:\n{rules}')


@pytest.mark.parametrize("algorithm", ["fixed", "bucket"])
def test_exactly_as_many_pass_as_the_limit(policy, tmp_path: Path, server: Redis, algorithm: str) -> None:
    most = PROXIES * CALLS // 3
    limit = f"max: {most if algorithm == 'fixed' else 1}, window: 366d, algorithm: {algorithm}, per: all"
    if algorithm == "bucket":
        limit += f", burst: {most}"
    path = limited(policy, server, f"rate_limit: {{ {limit} }}")
    server.ask("CONFIG", "SET", "appendfsync", "no")
    begun = time.monotonic()
    with callers(PROXIES, path, tmp_path / "calls") as started:
        writers = [threading.Thread(target=caller.make, args=[CALLS]) for caller in started]
        for writer in writers:
            writer.start()
        for caller in started:
            caller.wait_for(CALLS)
        taken = time.monotonic() - begun
        for caller in started:
            caller.close()
            assert b"cannot be reached" not in caller.errors, caller.errors[-2000:]
    assert sum(caller.passed for caller in started) == most == len(times(tmp_path / "calls"))
    assert sum(caller.refused for caller in started) == PROXIES * CALLS - most
    print(f"{PROXIES} proxies, {CALLS} calls each: {PROXIES * CALLS / taken:.0f} calls/s")


def test_never_more_pass_in_any_window_than_the_limit(policy, tmp_path: Path, server: Redis) -> None:
    most, window = 40, 2
    path = limited(policy, server, f"rate_limit: {{ max: {most}, window: {window}, per: all }}")
    over = threading.Event()
    with callers(PROXIES, path, tmp_path / "calls") as started:
        loads = [threading.Thread(target=caller.keep_in_flight, args=[1, over]) for caller in started]
        for load in loads:
            load.start()
        time.sleep(4.5 * window)
        over.set()
        for load in loads:
            load.join()
    seen = times(tmp_path / "calls")
    assert len(seen) > 3 * most
    # A call is counted when it is judged, and noted when its server is given the processor.
    tolerance = SECOND // 4
    assert all(later - earlier > window * SECOND - tolerance for earlier, later in zip(seen, seen[most:], strict=False))


@pytest.mark.parametrize("manner", ["stopped", "frozen"])
def test_a_server_that_is_away_refuses_with_the_reason_and_serves_again(
    policy, tmp_path: Path, server: Redis, manner: str
) -> None:
    away = 10
    most = 1_000_000
    path = limited(policy, server, f"rate_limit: {{ max: {most}, window: 366d, algorithm: fixed, per: all }}")
    over = threading.Event()
    with callers(2, path, tmp_path / "calls") as started:
        loads = [threading.Thread(target=caller.keep_in_flight, args=[8, over]) for caller in started]
        for load in loads:
            load.start()
        time.sleep(1)
        before = sum(caller.passed for caller in started)
        assert before > 100
        server.stop() if manner == "stopped" else server.freeze()
        time.sleep(away)
        refused = [caller.refused for caller in started]
        passed = sum(caller.passed for caller in started)
        server.start() if manner == "stopped" else server.thaw()
        assert min(refused) > 0
        assert passed < before + 10_000
        assert all(b"could not be counted: its counter cannot be reached" in caller.refusal for caller in started)
        deadline = time.monotonic() + 30
        while sum(caller.passed for caller in started) < passed + 100:
            assert time.monotonic() < deadline, "no service after the server has come back"
            time.sleep(0.05)
        over.set()
        for load in loads:
            load.join()
        for caller in started:
            caller.wait_for(0)
            caller.close()
            assert f"Redis at 127.0.0.1:{server.port}".encode() in caller.errors
    counted = json.loads(moongate("counters", "-c", path, "--json").stdout)["counters"]
    seen = len(times(tmp_path / "calls"))
    # Nothing that a server has seen is missing from the count, but what a crash of Redis may lose: it had written all.
    assert [each["used"] >= seen for each in counted] == [True]


def test_killed_proxies_keep_nothing_that_they_did_not_use(policy, tmp_path: Path, server: Redis) -> None:
    limit = "rate_limit: { max: %d, window: 366d, algorithm: fixed, per: all }"
    path = limited(policy, server, limit % 1_000_000, "concurrency: 64")
    calls = tmp_path / "calls"
    over = threading.Event()
    kills = 20
    for _ in range(kills):
        caller = Caller(path, calls)
        load = threading.Thread(target=caller.keep_in_flight, args=[8, over])
        load.start()
        time.sleep(0.1)
        caller.kill()
        load.join()
    last = Caller(path, calls)
    deadline = time.monotonic() + 60
    while slots(path) > 0:
        assert time.monotonic() < deadline, "the dead hold slots still"
        time.sleep(0.5)
    last.make(64)
    last.wait_for(64)
    assert last.refused == 0
    last.close()
    asked = Caller(limited(policy, server, limit % 1), calls)
    asked.make(1)
    asked.wait_for(1)
    asked.close()
    spent = int(re.search(rb"(\d+) of 1 used", asked.refusal)[1])
    seen = len(times(calls))
    assert seen <= spent <= seen + 8 * kills
    assert seen > 10 * kills


def slots(path: Path) -> float:
    found = json.loads(moongate("counters", "-c", path, "--json").stdout)["counters"]
    return sum(each["used"] for each in found if each["algorithm"] == "concurrency")


def test_counts_are_shown_and_begun_anew(policy, tmp_path: Path, server: Redis) -> None:
    path = limited(policy, server, "{ name: two an hour, rate_limit: 2/hour }", "{ name: some, concurrency: 9 }")
    caller = Caller(path, tmp_path / "calls")
    caller.make(3)
    caller.wait_for(3)
    assert (caller.passed, caller.refused) == (2, 1)
    shown = json.loads(moongate("counters", "-c", path, "--json").stdout)
    assert shown["store"] == f"Redis at 127.0.0.1:{server.port}"
    (count,) = shown["counters"]
    assert (count["counter"], count["used"], count["max"], count["whose"]) == (
        'tools["count"]["two an hour"].rate_limit', 2, 2, "all")
    assert moongate("counters", "reset", "--state", server.url, "two an hour").returncode == 0
    assert json.loads(moongate("counters", "-c", path, "--json").stdout)["counters"] == []
    caller.make(1)
    caller.wait_for(1)
    assert caller.passed == 3
    caller.close()


def test_a_password_is_a_parameter_and_is_never_shown(policy, tmp_path: Path) -> None:
    folder = tmp_path / "redis"
    folder.mkdir()
    with redis(folder) as server:
        server.ask("CONFIG", "SET", "requirepass", "open sesame")
        path = policy(
            "parameters: { secret: { type: string } }\n"
            f'store: {{ url: "redis://:${{secret}}@127.0.0.1:{server.port}/0" }}\n'
            "tools: { count: { rules: [{ rate_limit: 1/hour }] } }\n")
        for secret, passes in [("open%20sesame", 1), ("wrong", 0)]:
            caller = Caller(path, tmp_path / "calls", "--with", f"secret={secret}")
            caller.make(1)
            caller.wait_for(1)
            caller.close()
            assert caller.passed == passes
            assert secret.encode() not in caller.errors
        assert b"password" in caller.errors
