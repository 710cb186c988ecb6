"""Limits in a file that several proxies share: exact under load, and whatever becomes of the proxies."""

import random
import re
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from callers import Caller, callers, times

PROXIES = 8
CALLS = 20_000
SECOND = 1_000_000_000


def counter_file(state: Path) -> sqlite3.Connection:
    return sqlite3.connect(state / "moongate" / "counters.db")


@pytest.mark.parametrize("algorithm", ["fixed", "bucket"])
def test_exactly_as_many_pass_as_the_limit(policy, tmp_path: Path, state: Path, algorithm: str) -> None:
    most = PROXIES * CALLS // 3
    # The bucket refills by less than one in the time that this takes.
    limit = f"max: {most if algorithm == 'fixed' else 1}, window: 366d, algorithm: {algorithm}, per: all"
    if algorithm == "bucket":
        limit += f", burst: {most}"
    path = policy(f"tools: {{ count: {{ rules: [{{ rate_limit: {{ {limit} }} }}] }} }}\n")
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
    assert counter_file(state).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"{PROXIES} proxies, {CALLS} calls each: {PROXIES * CALLS / taken:.0f} calls/s")


def test_never_more_pass_in_any_window_than_the_limit(policy, tmp_path: Path) -> None:
    most, window = 40, 2
    path = policy(
        f"tools: {{ count: {{ rules: [{{ rate_limit: {{ max: {most}, window: {window}, per: all }} }}] }} }}\n")
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


def test_killed_proxies_neither_let_more_pass_nor_keep_what_they_did_not_use(
    policy, tmp_path: Path, state: Path
) -> None:
    kills, proxies, flight = 100, 4, 8

    def limited_to(most: int) -> Path:
        return policy(
            "tools: { count: { rules: [\n"
            f"  {{ rate_limit: {{ max: {most}, window: 366d, algorithm: fixed, per: all }} }},\n"
            f"  {{ concurrency: {proxies * flight} }}] }} }}\n")

    path = limited_to(1_000_000)
    calls = tmp_path / "calls"
    chance = random.Random(5)
    over = threading.Event()

    def load() -> tuple[Caller, threading.Thread]:
        caller = Caller(path, calls)
        thread = threading.Thread(target=caller.keep_in_flight, args=[flight, over])
        thread.start()
        return caller, thread

    running = [load() for _ in range(proxies)]
    for _ in range(kills):
        time.sleep(chance.uniform(0.02, 0.12))
        victim = chance.randrange(proxies)
        running[victim][0].kill()
        running[victim] = load()
    over.set()
    for caller, thread in running:
        thread.join()
        caller.close()

    # The clean-up goes with the clock, once a second.
    last = Caller(path, calls)
    deadline = time.monotonic() + 20
    while counter_file(state).execute("SELECT count(*) FROM held").fetchone() != (0,):
        assert time.monotonic() < deadline, "what the dead have held is held still"
        last.make(1)
        last.wait_for(1)
        time.sleep(0.2)
    # All slots are free.
    refused = last.refused
    last.make(proxies * flight)
    last.wait_for(proxies * flight)
    assert last.refused == refused
    last.close()

    asked = Caller(limited_to(1), calls)
    asked.make(1)
    asked.wait_for(1)
    asked.close()
    spent = int(re.search(rb"(\d+) of 1 used", asked.refusal)[1])
    seen = len(times(calls))
    assert counter_file(state).execute("PRAGMA integrity_check").fetchone() == ("ok",)
    print(f"{kills} kills: {seen} calls were seen, {spent} counted")
    assert seen <= spent <= seen + 4 * kills
    assert seen > 10 * kills
