"""Anything as a policy: a located error in bounded time and memory, and no server that is started all the same."""

import random
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from places import MOONGATE

LIMIT = 8 << 20  # the largest policy
SECONDS = 20  # of processor time
MEMORY = 1 << 30  # of address space, a new process's own among it


def laughs(levels: int) -> bytes:
    lines = [b"a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    lines += [b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, levels)]
    return b"".join(lines)


def rules(rule: bytes) -> bytes:
    return b"tools: { a: { rules: [%s] } }\n" % rule


POLICIES: dict[str, bytes | Callable[[], bytes]] = {
    "empty": b"",
    "nothing but comments": b"# tools:\n" * 100,
    "another kind of value": b"- tools\n- rules\n",
    "random bytes": lambda: random.Random(1).randbytes(1 << 20),
    "a program": lambda: Path(sys.executable).resolve().read_bytes()[:LIMIT],
    "zeros": lambda: bytes(1 << 20),
    "UTF-16": "tools: {}\n".encode("utf-16"),
    "Latin-1": "description: Äpfel\n".encode("latin-1"),
    "100 MB": lambda: b"tools:\n" + b"  a: {}\n" * ((100 << 20) // 8),
    "a billion laughs": laughs(10),
    "a hundred levels of laughs": laughs(100),
    "an alias in itself": b"tools: &a { b: *a }\n",
    "brackets": lambda: b"tools: " + b"[" * (LIMIT - 100),
    "braces": lambda: b"tools: " + b"{ a: " * (LIMIT // 5 - 100),
    "dashes": lambda: b"- " * (LIMIT // 2 - 100),
    "deep indentation": b"".join(b" " * depth + b"a:\n" for depth in range(3000)),
    "question marks": lambda: b"? " * (LIMIT // 2 - 100),
    "colons": lambda: b":" * (LIMIT - 100),
    "one key in a million": lambda: b"tools:\n" + b"  a: {}\n" * 1_000_000,
    "one key in a long line": lambda: b"{" + b"a: 1," * 1_000_000 + b"}",
    "keys in a long line": lambda: b"{" + b"".join(b"a%d: 1," % n for n in range(500_000)) + b"}",
    "mistakes": lambda: b"tools:\n" + b"".join(b"  a%d: { rulez: 1 }\n" % n for n in range(300_000)),
    "entries": lambda: b"hide:\n" + b"- a\n" * (LIMIT // 4 - 100),
    "anchors": lambda: b"hide:\n" + b"".join(b"- &a%d x\n" % n for n in range(500_000)),
    "a quote that stays open": lambda: b'description: "' + b"x\n" * 3_000_000,
    "a tab": b"tools:\n\ta: {}\n",
    "a key twice": b"default: deny\ntools: {}\ndefault: allow\n",
    "booleans of YAML 1.1": rules(b"{ require: { args.x: { exists: yes } } }"),
    "a pack that is the folder itself": b"use: [{ pack: . }]\n",
    "a tag": b"tools: !!python/object:os.system {}\n",
    "two documents": b"default: deny\n---\ndefault: allow\n",
    "a regular expression that explodes": rules(
        b'{ require: { args.x: { regex: "((a{1,100}){1,100}){1,100}" } } }'),
    "a regular expression that looks behind": rules(b'{ require: { args.x: { regex: "(?<=a)b" } } }'),
    "a schema that refers to nothing": rules(b'{ require: { args.x: { schema: { $ref: "#/$defs/a" } } } }'),
    "a number that nothing holds": b"limits: { in_flight: 1e999999999 }\n",
    "a script that is a device": rules(b"{ script: /dev/zero }"),
    "a script outside": rules(b"{ script: ../../../../etc/passwd }"),
}


def bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", POLICIES)
def test_is_a_located_error(name: str, tmp_path: Path) -> None:
    content = POLICIES[name]
    (tmp_path / "policy.yaml").write_bytes(content if isinstance(content, bytes) else content())
    checked = subprocess.run(
        [MOONGATE, "check", "policy.yaml"], cwd=tmp_path, capture_output=True, text=True, preexec_fn=bounded,
        check=False)
    shown = checked.stdout + checked.stderr
    assert checked.returncode in {1, 2}, shown[:2000]
    assert re.search(r"^policy\.yaml:[0-9]+:[0-9]+: error: .+ \[MG[0-9]{4}\]$", shown, re.MULTILINE), shown[:2000]
    assert len(shown) < 200_000

    server = ["touch", "started"]
    started = subprocess.run(
        [MOONGATE, "-c", "policy.yaml", "--", *server], cwd=tmp_path, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, preexec_fn=bounded, check=False)
    assert started.returncode not in {0, -6, -11} and "error:" in started.stderr
    assert not (tmp_path / "started").exists()
