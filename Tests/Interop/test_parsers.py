"""Whatever is forwarded reads the same to everybody: Python's parser, Node's, and the proxy that judged it.

The messages are made from a seed: valid calls, and the same with something done to them that parsers disagree about.
"""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest

from places import INTEROP, PYTHON
from raw import encode, spoken_to
from sessions import through
from test_cli import evaluate

POLICY = """
tools:
  "forbidden*":
    rules:
      - { name: no, action: deny }
"""

# Refuses everything, and says what it read.
ECHO = """
tools:
  "*":
    rules:
      - name: echo
        action: deny
        reason: "{{tool.name}}|{{args.x}}"
"""

STRINGS = ["", "a", "é", "e\u0301", "K", "ſ", "🌊", "\u200b", "𝒳", "a\"b", "\\", "/", "\u2028", "fi"]


def spelled(text: str, dice: random.Random) -> str:
    """The string as JSON, some of its characters escaped that need not be."""
    out = []
    for character in text:
        code = ord(character)
        if character in '"\\' or code < 32:
            out.append(json.dumps(character)[1:-1])
        elif dice.random() < 0.3:
            out.append(json.dumps(character)[1:-1] if code > 127 else f"\\u{code:04x}")
        else:
            out.append(character)
    return '"' + "".join(out) + '"'


def value(dice: random.Random, depth: int = 0) -> str:
    kind = dice.randrange(7 if depth < 4 else 5)
    match kind:
        case 0:
            return dice.choice(["null", "true", "false"])
        case 1:
            return dice.choice(["0", "-1", "1.5", "1e3", "123456789", "-0.25"])
        case 2 | 3 | 4:
            return spelled("".join(dice.choices(STRINGS, k=dice.randrange(4))), dice)
        case 5:
            return "[" + ",".join(value(dice, depth + 1) for _ in range(dice.randrange(4))) + "]"
        case _:
            members = [f"{spelled(f'm{index}', dice)}:{value(dice, depth + 1)}" for index in range(dice.randrange(4))]
            return "{" + " , ".join(members) + "}"


def call(dice: random.Random, number: int) -> bytes:
    """One `tools/call`, its members in any order and spelling."""
    name = dice.choice(["fetch", "forbidden", "f\u00e9tch", "fetch "])
    arguments = [f'{spelled("x", dice)}:{spelled(dice.choice(STRINGS[:9]), dice)}']
    arguments += [f"{spelled(f'a{index}', dice)}:{value(dice)}" for index in range(dice.randrange(3))]
    dice.shuffle(arguments)
    params = [f'{spelled("name", dice)}:{spelled(name, dice)}',
              f'{spelled("arguments", dice)}:{{{",".join(arguments)}}}']
    dice.shuffle(params)
    members = ['"jsonrpc":"2.0"', f'"id":{number}', f'{spelled("method", dice)}:{spelled("tools/call", dice)}',
               f'{spelled("params", dice)}:{{{",".join(params)}}}']
    dice.shuffle(members)
    return ("{" + ",".join(members) + "}").encode()


def spoiled(line: bytes, dice: random.Random) -> bytes:
    """The same with something that parsers disagree about."""
    spoilings = [
        lambda text: text.replace(b'"x":', b'"x":1,"x":', 1),
        lambda text: text.replace(b'"name":', b'"name":"fetch","name":', 1),
        lambda text: text.replace(b'"name":', b'"Name":"forbidden","name":', 1),
        lambda text: text.replace(b'"params":', b'"params":{},"params":', 1),
        lambda text: text.replace(b'"method":', b'"method":"ping","method":', 1),
        lambda text: text.replace(b'"x":"', b'"x":"\\ud800', 1),
        lambda text: text.replace(b'"x":"', b'"x":"\xff', 1),
        lambda text: text.replace(b'"x":"', b'"x":"\t', 1),
        lambda text: text.replace(b'"x":', b'"y":NaN,"x":', 1),
        lambda text: text.replace(b'"x":', b'"y":01,"x":', 1),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: text + b"{}",
        lambda text: text[:-1] + b",}",
        lambda text: text[:-1],
        lambda text: text.replace(b":", b":\xc2\xa0", 1),
    ]
    return dice.choice(spoilings)(line)


def strictly(line: str) -> list[Any]:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({name for name, _ in pairs}) == len(pairs), f"a name twice: {line}"
        return dict(pairs)

    def constant(name: str) -> None:
        raise AssertionError(f"{name}: {line}")

    message = json.loads(line, object_pairs_hook=members, parse_constant=constant)
    params = message.get("params", {})
    return [message["method"], params.get("name"), params.get("arguments")]


@pytest.mark.parametrize("seed", range(4))
def test_what_is_forwarded_reads_the_same_to_everybody(seed: int, policy, tmp_path: Path) -> None:
    dice = random.Random(seed)
    record = tmp_path / "record"
    sent = []
    with spoken_to(through(policy(POLICY), [str(PYTHON), str(INTEROP / "recorder.py"), str(record)])) as peer:
        for number in range(500):
            line = call(dice, number)
            if dice.random() < 0.3:
                line = spoiled(line, dice)
            sent.append(line)
            json.loads(peer.ask(line))
        json.loads(peer.ask(encode({"jsonrpc": "2.0", "id": "last", "method": "ping"})))
    forwarded = record.read_bytes().decode().split("\n")[:-2]  # without the last line, and what follows it
    assert len(forwarded) > 100, "too few are left to prove anything"
    assert {line.encode() for line in forwarded} <= set(sent), "something was changed on its way"

    python = [strictly(line) for line in forwarded]
    assert all(name in ("fetch", "f\u00e9tch") for _, name, _ in python)

    node = subprocess.run(
        ["node", str(INTEROP / "parse.mjs")], input="\n".join(forwarded) + "\n", capture_output=True, text=True,
        check=True, timeout=60)
    assert [json.loads(line) for line in node.stdout.split("\n")[:-1]] == python

    decisions = evaluate(policy(ECHO, "echo.yaml"), *forwarded, status=1)
    for decision, (_, name, arguments) in zip(decisions, python, strict=True):
        if arguments["x"].isprintable():
            assert decision["reason"] == f"{name}|{arguments['x']}"
