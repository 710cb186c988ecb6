"""The cases beside the rules that ship hold."""

from pathlib import Path

import pytest
import yaml

from cases import Case, cases_of, objection, run
from places import ROOT

FILES = sorted(ROOT.glob("rules/*/tests/*.yaml"))
CASES = [case for file in FILES for case in cases_of(file)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file.parent.parent.name}: {case.name}")
def test_case(case: Case) -> None:
    failures = run(case)
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("folder", sorted({file.parent.parent for file in FILES}), ids=lambda folder: folder.name)
def test_each_rule_of_a_folder_is_seen_to_refuse(folder: Path) -> None:
    policy = yaml.safe_load((folder / "rules.yaml").read_text(encoding="utf-8"))
    rules = {rule["name"] for section in policy["tools"].values() for rule in section["rules"]}
    refused = {
        step["expect"]["refused"]
        for case in CASES if case.file.is_relative_to(folder)
        for step in case.steps if isinstance(step["expect"], dict)
    }
    assert rules - refused == set()


def test_runner_objects_where_it_should() -> None:
    refused = {"verdict": "refused", "rule": "a", "reason": "because of b", "retryAfterSeconds": 7}
    assert objection({"refused": "a", "reason": "of b", "retry_after": 7}, refused) is None
    assert objection("allowed", {"verdict": "allowed"}) is None
    assert objection("allowed", refused) == "not allowed"
    assert objection({"refused": "a"}, {"verdict": "allowed"}) == "not refused"
    assert objection({"refused": "b"}, refused) == "refused by another rule"
    assert objection({"refused": "a", "reason": "of c"}, refused) == "refused for another reason"
    assert objection({"refused": "a", "retry_after": 8}, refused) == "another time to wait"
