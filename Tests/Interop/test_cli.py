"""The commands as people and scripts use them: what they print, and the status they leave."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from places import LUMA, MOONGATE, ROOT

POLICIES = sorted([*ROOT.glob("examples/*/policy.yaml"), *ROOT.glob("rules/*/rules.yaml"),
                   *ROOT.glob("Benchmarks/policies/*.yaml")])

CARD = """
version: "1"
tools:
  luma_generate_video_from_image:
    rules:
      - action: allow
        rate_limit:
          max: 30
          window: 60
"""

CALL = {"tool": "luma_generate_video", "arguments": {"prompt": "waves"}}


def moongate(*arguments: str | Path, given: str = "", at: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(MOONGATE), *map(str, arguments)], input=given, cwd=at, capture_output=True, text=True, timeout=60)


def evaluate(policy: Path, *calls: Any, status: int, flags: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The decisions on these calls; a string is taken as the line itself."""
    lines = "".join((call if isinstance(call, str) else json.dumps(call)) + "\n" for call in calls)
    process = moongate("eval", "-c", policy, "--json", *flags, "-", given=lines)
    assert process.returncode == status, process.stdout + process.stderr
    return [json.loads(line) for line in process.stdout.split("\n") if line]  # U+2028 ends no line of JSON


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: str(path.relative_to(ROOT)))
@pytest.mark.parametrize("command", ["check", "validate"])
def test_policies_that_ship_are_good(command: str, path: Path) -> None:
    checked = moongate(command, path, "--json")
    assert checked.returncode == 0, checked.stdout
    report = json.loads(checked.stdout)
    assert report == {"errors": 0, "warnings": 0, "diagnostics": []}


def test_check_says_where_and_what_to_write(policy) -> None:
    path = policy("defualt: deny\ntools:\n  fetch:\n    rules:\n      - requre: []\n")
    checked = moongate("check", path)
    assert checked.returncode == 1
    shown = checked.stdout + checked.stderr
    assert f"{path}:1:1: error:" in shown and "default" in shown
    assert f"{path}:5:9: error:" in shown and "require" in shown
    assert "^" in shown


LISTED = [{"name": "fetch", "inputSchema": {"type": "object", "properties": {"url": {"type": "string"}}}}]


@pytest.mark.parametrize("saved", [
    pytest.param({"jsonrpc": "2.0", "id": 1, "result": {"tools": LISTED}}, id="answer"),
    pytest.param({"tools": LISTED}, id="result"), pytest.param(LISTED, id="list")])
def test_check_against_a_list_of_tools(policy, saved: Any) -> None:
    path = policy("tools:\n  fetch: { rules: [{ require: [{ args.ulr: { present: true } }] }] }\n  fecth: {}\n")
    tools = path.parent / "tools.json"
    tools.write_text(json.dumps(saved))
    assert json.loads(moongate("check", path, "--json").stdout)["warnings"] == 0
    checked = moongate("check", path, "--json", "--against", tools)
    assert checked.returncode == 0
    report = json.loads(checked.stdout)
    assert report["errors"] == 0 and report["warnings"] == 2
    assert [(found["code"], found["line"], found["hint"]) for found in report["diagnostics"]] == [
        ("MG5011", 2, 'did you mean "url"?'), ("MG5012", 3, 'did you mean "fetch"?')]
    assert set(report["diagnostics"][0]) == {"code", "severity", "file", "line", "column", "message", "hint"}


@pytest.mark.parametrize("saved", ["", "{}", '{"tools": [], "nextCursor": "more"}'])
def test_check_against_what_is_no_list(policy, saved: str) -> None:
    path = policy("default: allow\n")
    tools = path.parent / "tools.json"
    tools.write_text(saved)
    for file in (tools, path.parent / "nowhere.json"):
        checked = moongate("check", path, "--against", file)
        assert checked.returncode == 2 and str(file) in checked.stderr and checked.stdout == ""


def test_check_json_lists_every_mistake(policy) -> None:
    path = policy("defualt: deny\ntools:\n  fetch:\n    rules:\n      - requre: []\n")
    checked = moongate("check", path, "--json")
    assert checked.returncode == 1
    report = json.loads(checked.stdout)
    assert report["errors"] == 2 and report["warnings"] == 0
    assert [(found["line"], found["column"]) for found in report["diagnostics"]] == [(1, 1), (5, 9)]
    for found in report["diagnostics"]:
        assert found["severity"] == "error" and found["file"] == str(path)
        assert found["code"] and found["message"]


def test_check_of_a_script_that_does_not_compile(policy) -> None:
    policy("function check(call)\n  return call.args.\nend\n", name="broken.lua")
    path = policy("tools:\n  fetch:\n    rules:\n      - script: broken.lua\n")
    checked = moongate("check", path)
    assert checked.returncode == 1
    assert "broken.lua" in checked.stdout + checked.stderr


def test_check_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    checked = moongate("check", tmp_path / "none.yaml")
    assert checked.returncode == 2
    assert "none.yaml" in checked.stderr


def test_catalogue_card_loads_as_it_is_and_counts(policy) -> None:
    call = {"tool": "luma_generate_video_from_image", "arguments": {}, "at": 1_800_000_000}
    decisions = evaluate(policy(CARD), *[call] * 31, {**call, "session": "another"}, {**call, "at": 1_800_000_061},
                         status=1)
    assert [decision["verdict"] for decision in decisions] == ["allowed"] * 30 + ["refused", "allowed", "allowed"]
    assert decisions[30]["rule"] == "rule 1"
    assert decisions[30]["retryAfterSeconds"] == 60


def test_eval_all_allowed() -> None:
    assert evaluate(LUMA / "policy.yaml", CALL, status=0) == [{"verdict": "allowed"}]


def test_eval_refused() -> None:
    [decision] = evaluate(LUMA / "policy.yaml", {"tool": "luma_list_actions", "arguments": {}}, status=1)
    assert decision["verdict"] == "refused" and decision["rule"] == "hide" and decision["reason"]


def test_eval_takes_a_whole_message() -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
               "params": {"name": CALL["tool"], "arguments": CALL["arguments"]}}
    assert evaluate(LUMA / "policy.yaml", message, status=0) == [{"verdict": "allowed"}]


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "3", '{"tool": 3}', '{"arguments": {}}', '{"tool": "a", "tool": "b"}', '{"tool": "a", "arguments": []}',
     '{"tool": "a", "arguments": {}, "at": "now"}'])
def test_eval_never_stops_at_a_bad_line(line: str) -> None:
    decisions = evaluate(LUMA / "policy.yaml", line, CALL, status=1)
    assert [decision["verdict"] for decision in decisions] == ["invalid", "allowed"]
    assert decisions[0]["reason"]


def test_eval_explains(policy) -> None:
    path = policy("tools:\n  fetch:\n    rules:\n      - name: short\n        require:\n"
                  "          - args.q: { length: { lte: 3 } }\n")
    [decision] = evaluate(path, {"tool": "fetch", "arguments": {"q": "four"}}, status=1, flags=("--explain",))
    assert decision["rule"] == "short"
    assert any("args.q" in json.dumps(entry) for entry in decision["trace"])


def test_eval_reads_a_file(tmp_path: Path) -> None:
    calls = tmp_path / "calls.ndjson"
    calls.write_text(json.dumps(CALL) + "\n")
    evaluated = moongate("eval", "-c", LUMA / "policy.yaml", "--json", calls)
    assert evaluated.returncode == 0
    assert json.loads(evaluated.stdout) == {"verdict": "allowed"}


def test_eval_for_people() -> None:
    refused = json.dumps({"tool": "luma_generate_video_from_image", "arguments": {"prompt": "waves"}})
    evaluated = moongate("eval", "-c", LUMA / "policy.yaml", "-", given=refused + "\n")
    assert evaluated.returncode == 1
    assert "frames present" in evaluated.stdout


def test_eval_of_what_does_not_load(policy, tmp_path: Path) -> None:
    assert moongate("eval", "-c", policy("tools: []\n"), "-").returncode == 2
    assert moongate("eval", "-c", tmp_path / "none.yaml", "-").returncode == 2
    assert moongate("eval", "-c", LUMA / "policy.yaml", tmp_path / "none.ndjson").returncode == 2


def test_a_fault_of_a_script_is_told_to_the_engineer(policy) -> None:
    path = policy("tools:\n  fetch:\n    rules:\n      - name: faulty\n        lua: |\n"
                  "          function check(call) return call.args.a.b.c end\n")
    [decision] = evaluate(path, {"tool": "fetch", "arguments": {}}, status=1)
    assert decision["verdict"] == "refused" and decision["rule"] == "faulty"
    assert "attempt to index" in decision["fault"]
    assert "attempt to index" not in decision["reason"]


PARAMETERS = """
parameters:
  hosts: { type: array, items: { type: string }, default: [a.example] }
  limit: { type: integer, default: 2 }
tools:
  fetch:
    rules:
      - name: home
        require: [{ args.host: { in: ["${hosts}", localhost] } }, { args.n: { lte: "${limit}" } }]
        reason: At most ${limit}.
"""


def test_parameters_have_their_defaults_or_what_is_given(policy) -> None:
    path = policy(PARAMETERS)
    call = {"tool": "fetch", "arguments": {"host": "b.example", "n": 3}}
    [decision] = evaluate(path, call, status=1)
    assert decision["reason"] == "At most 2."
    given = ("--with", "hosts=[b.example, c.example]", "--with=limit=3")
    assert evaluate(path, call, status=0, flags=given) == [{"verdict": "allowed"}]
    assert evaluate(path, {"tool": "fetch", "arguments": {"host": "localhost", "n": 3}}, status=0, flags=given)
    assert moongate("check", path, *given).returncode == 0


@pytest.mark.parametrize(
    "given, said",
    [("host=[]", '--with host:1:1: error:'), ("limit=many", "must be an integer"), ("hosts=[1]", "must be a string"),
     ("limit=2.5", "must be an integer")])
def test_a_value_that_does_not_fit_its_parameter(policy, given: str, said: str) -> None:
    path = policy(PARAMETERS)
    for command, status in ((["check", path], 1), (["eval", "-c", path], 2), (["-c", path, "--", "true"], 2)):
        at = command.index("--") if "--" in command else len(command)
        shown = moongate(*command[:at], "--with", given, *command[at:])
        assert shown.returncode == status, shown.stderr
        assert said in shown.stderr and given.partition("=")[0] in shown.stderr
    report = json.loads(moongate("check", path, "--json", "--with", given).stdout)
    assert [found["file"] for found in report["diagnostics"]] == [f"--with {given.partition('=')[0]}"]


@pytest.mark.parametrize("given", ["hosts", "=1", "hosts=", "hosts=[a", "hosts=# a", "hosts=*", "hosts=a: b: c"])
def test_a_value_that_is_none_is_wrong_usage(policy, given: str) -> None:
    for command in (["check", policy(PARAMETERS)], ["eval", "-c", policy(PARAMETERS)]):
        shown = moongate(*command, "--with", given)
        assert shown.returncode == 64
        assert shown.stdout == "" and "--with" in shown.stderr
    assert moongate("check", policy(PARAMETERS), "--with", "limit=1", "--with", "limit=2").returncode == 64


def test_nothing_is_said_on_standard_error_where_all_is_well(policy) -> None:
    path = policy("tools:\n  fetch:\n    rules:\n      - lua: |\n          function check(call) end\n")
    checked = moongate("check", path)
    assert (checked.returncode, checked.stderr) == (0, "")
    evaluated = moongate("eval", "-c", path, "-", given='{"tool": "fetch"}\n')
    assert (evaluated.returncode, evaluated.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [[], ["--bad"], ["check"], ["eval"], ["-c", "policy.yaml"], ["-c", "policy.yaml", "--grace", "5x", "--", "true"]])
def test_wrong_usage_is_64(arguments: list[str]) -> None:
    shown = moongate(*arguments)
    assert shown.returncode == 64
    assert shown.stdout == "" and shown.stderr


def test_version() -> None:
    shown = moongate("version")
    assert shown.returncode == 0
    assert "0.1.0" in shown.stdout


def test_help_helps() -> None:
    shown = moongate("--help")
    assert shown.returncode == 0
    for word in ("check", "eval", "version", "-c policy.yaml --"):
        assert word in shown.stdout


@pytest.mark.parametrize("command", ["run", "check", "eval", "version"])
def test_each_command_has_help(command: str) -> None:
    shown = moongate(command, "--help")
    assert shown.returncode == 0
    assert shown.stdout


def test_run_of_a_policy_that_does_not_load(policy) -> None:
    path = policy("defualt: deny\n")
    for arguments in (["-c", path], ["run", "-c", path]):
        started = moongate(*arguments, "--", "true")
        assert started.returncode == 2
        assert f"{path}:1:1: error:" in started.stderr
        assert started.stdout == ""


def test_run_of_a_server_that_is_not_there() -> None:
    started = moongate("-c", LUMA / "policy.yaml", "--", "no-such-server")
    assert started.returncode != 0
    assert "no-such-server" in started.stderr
    assert started.stdout == ""


def test_run_leaves_the_status_of_the_server() -> None:
    assert moongate("-c", LUMA / "policy.yaml", "--", "sh", "-c", "exit 7").returncode == 7
