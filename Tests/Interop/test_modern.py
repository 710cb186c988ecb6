"""The SDK of 2026-07-28 at both ends: no handshake, `_meta` on every request, questions as results."""

import json
import subprocess
from typing import Any

import pytest

from places import INTEROP, MODERN_PYTHON
from raw import encode, spoken_to
from sessions import DECISION, through

SERVER = [str(MODERN_PYTHON), str(INTEROP / "modern_server.py")]

POLICY = """
hide: [secret]
tools:
  add:
    rules:
      - name: small numbers
        require:
          - args.a: { not_in: [1000001] }
  remove:
    rules:
      - name: not everything
        unless: { args.what: { neq: everything } }
        action: deny
        reason: Name one thing.
"""

META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "interop", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}

MODES = [pytest.param("2026-07-28", id="adopted"), pytest.param("auto", id="discovered"),
         pytest.param("legacy", id="by handshake")]
OWN = ["sum", "large sum", "wrong type", "unknown", "asked", "resources", "note", "prompts", "greeting", "protocol"]


def observe(mode: str, command: list[str]) -> dict[str, Any]:
    session = subprocess.run(
        [str(MODERN_PYTHON), str(INTEROP / "modern_session.py"), mode, *command],
        capture_output=True, text=True, timeout=90)
    assert session.returncode == 0, session.stderr
    return json.loads(session.stdout)


@pytest.mark.parametrize("mode", MODES)
def test_session(mode: str, policy) -> None:
    direct = observe(mode, SERVER)
    proxied = observe(mode, through(policy(POLICY), SERVER))

    assert direct["protocol"] == ("2025-11-25" if mode == "legacy" else "2026-07-28")
    assert direct["asked"]["content"][0]["text"] == "removed the draft"
    assert {name: proxied[name] for name in OWN} == {name: direct[name] for name in OWN}

    assert [tool["name"] for tool in direct["tools"]["tools"]] == ["add", "secret", "remove"]
    direct["tools"]["tools"] = [tool for tool in direct["tools"]["tools"] if tool["name"] != "secret"]
    assert proxied["tools"] == direct["tools"]

    for name, rule in [("secret", "hide"), ("too large", "small numbers"), ("not asked", "not everything")]:
        assert proxied[name]["isError"] is True
        assert proxied[name]["_meta"][DECISION]["rule"] == rule


def test_list_keeps_its_lifetime_and_scope(policy) -> None:
    request = encode({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": META}})
    lists = []
    for command in (SERVER, through(policy(POLICY), SERVER)):
        with spoken_to(command) as peer:
            lists.append(json.loads(peer.ask(request)))
    direct, proxied = lists
    assert direct["result"]["ttlMs"] == 60_000 and direct["result"]["cacheScope"] == "public"
    direct["result"]["tools"] = [tool for tool in direct["result"]["tools"] if tool["name"] != "secret"]
    assert proxied == direct
    assert list(proxied["result"]) == list(direct["result"])


def test_refusal_is_a_complete_result(policy) -> None:
    call = encode({"jsonrpc": "2.0", "id": "c", "method": "tools/call",
                   "params": {"name": "secret", "arguments": {}, "_meta": META}})
    with spoken_to(through(policy(POLICY), SERVER)) as peer:
        answer = json.loads(peer.ask(call))
    assert answer["id"] == "c"
    assert answer["result"]["isError"] is True
    assert answer["result"]["resultType"] == "complete"


def test_every_leg_is_judged_again(policy) -> None:
    def leg(number: int, what: str, **more: Any) -> bytes:
        meta = {**META, "io.modelcontextprotocol/clientCapabilities": {"elicitation": {"form": {}}}}
        return encode({"jsonrpc": "2.0", "id": number, "method": "tools/call",
                       "params": {"name": "remove", "arguments": {"what": what}, "_meta": meta, **more}})

    with spoken_to(through(policy(POLICY), SERVER)) as peer:
        asked = json.loads(peer.ask(leg(1, "the draft")))["result"]
        assert asked["resultType"] == "input_required"
        answers = {key: {"action": "accept", "content": {"sure": True}} for key in asked["inputRequests"]}
        state = {"requestState": asked["requestState"]} if "requestState" in asked else {}
        turned = json.loads(peer.ask(leg(2, "everything", inputResponses=answers, **state)))["result"]
        assert turned["_meta"][DECISION]["rule"] == "not everything"
        kept = json.loads(peer.ask(leg(3, "the draft", inputResponses=answers, **state)))["result"]
        assert kept["content"][0]["text"] == "removed the draft"


NEEDING = """
tools:
  add: { arguments: strict }
  remove:
    rules:
      - name: told to be harmless
        require: [{ tool.annotations.destructiveHint: false }]
"""


def test_a_client_that_never_lists_is_judged_by_the_servers_own_definitions(policy) -> None:
    def call(number: int, tool: str, **arguments: Any) -> bytes:
        return encode({"jsonrpc": "2.0", "id": number, "method": "tools/call",
                       "params": {"name": tool, "arguments": arguments, "_meta": META}})

    with spoken_to(through(policy(NEEDING), SERVER)) as peer:
        added = json.loads(peer.ask(call(1, "add", a=1, b=2)))
        assert added["id"] == 1 and added["result"]["content"][0]["text"] == "3"
        refused = json.loads(peer.ask(call(2, "add", a=1, b=2, c=3)))["result"]
        assert refused["_meta"][DECISION]["rule"] == "arguments"
        assert "args.c must not be there" in refused["_meta"][DECISION]["reason"]
        refused = json.loads(peer.ask(call(3, "remove", what="the draft")))["result"]
        assert refused["_meta"][DECISION]["rule"] == "told to be harmless"
