"""A program that speaks one JSON message a line, spoken to in bytes."""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any


class Peer:
    """One such program: what is written to it goes out as it is, what it answers comes back as it was."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process

    def send(self, line: bytes) -> None:
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def receive(self) -> bytes:
        line = self.process.stdout.readline()
        assert line.endswith(b"\n"), f"the stream ended: {line!r}"
        return line[:-1]

    def ask(self, line: bytes) -> bytes:
        self.send(line)
        return self.receive()

    def open(self) -> bytes:
        """Opens a session of 2025-11-25; returns the answer to `initialize`."""
        answer = self.ask(encode({
            "jsonrpc": "2.0", "id": "open", "method": "initialize",
            "params": {"protocolVersion": "2025-11-25", "capabilities": {},
                       "clientInfo": {"name": "interop", "version": "1"}}}))
        self.send(encode({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        return answer


def encode(message: Any) -> bytes:
    return json.dumps(message).encode()


@contextmanager
def spoken_to(command: Sequence[str], errors: Any = subprocess.DEVNULL) -> Iterator[Peer]:
    """Starts the program; at the end its input is closed, and it has to go by itself, with status 0."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors) as process:
        try:
            yield Peer(process)
            process.stdin.close()
            assert process.stdout.read() == b""
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()
