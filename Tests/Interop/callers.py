"""Proxies under load: each with a server that notes its calls, and a client that makes as many as it can."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from places import INTEROP, MOONGATE


def call(number: int) -> bytes:
    return (b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"count","arguments":{}}}\n' % number)


class Caller:
    """A proxy of its own, and how many of the calls through it passed and were refused."""

    def __init__(self, policy: Path, calls: Path, *options: str) -> None:
        server = [sys.executable, "-I", "-S", str(INTEROP / "counting_server.py"), str(calls)]
        self.process = subprocess.Popen(
            [str(MOONGATE), "-c", str(policy), *options, "--", *server], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=1 << 16)
        self.passed = self.refused = 0
        self.errors = self.refusal = b""
        self._made = 0
        self._room = threading.Semaphore(0)
        self._log = threading.Thread(target=self._read_errors)
        self._answers = threading.Thread(target=self._read)
        self._log.start()
        self._answers.start()

    def make(self, calls: int) -> None:
        """Makes so many calls at once."""
        numbers = range(self._made, self._made + calls)
        self._made += calls
        self.process.stdin.write(b"".join(map(call, numbers)))
        self.process.stdin.flush()

    def keep_in_flight(self, calls: int, until: threading.Event) -> None:
        """Makes so many calls, and one more for each answer, until the event or the end of the proxy."""
        try:
            self.make(calls)
            while not until.is_set():
                if self._room.acquire(timeout=0.1):
                    self.make(1)
                elif not self._answers.is_alive():
                    return
        except (BrokenPipeError, ValueError):
            pass

    def wait_for(self, answers: int) -> None:
        for _ in range(answers):
            assert self._room.acquire(timeout=60), self.errors[-2000:]

    def _read(self) -> None:
        for line in self.process.stdout:
            if b"[moongate]" in line:
                self.refused += 1
                self.refusal = line
            else:
                self.passed += 1
            self._room.release()

    def _read_errors(self) -> None:
        self.errors = self.process.stderr.read()

    def kill(self) -> None:
        """Kills it where it stands; what its server has got by then is noted before this returns."""
        self.process.kill()
        self.close()

    def close(self) -> None:
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        self._answers.join(60)
        self._log.join(60)
        self.process.wait(60)


@contextmanager
def callers(number: int, *command: Path) -> Iterator[list[Caller]]:
    """So many proxies at once."""
    started = [Caller(*command) for _ in range(number)]
    try:
        yield started
    finally:
        for caller in started:
            caller.process.kill()
            caller.close()


def times(calls: Path) -> list[int]:
    """When the servers got their calls, in nanoseconds."""
    return sorted(map(int, calls.read_text().split())) if calls.exists() else []
