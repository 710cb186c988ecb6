"""Unicode as scripts see it agrees with Python's, and its tables with the official data they are made from."""

import ctypes.util
import json
import sys
import unicodedata
from pathlib import Path
from subprocess import run

import pytest

from places import ROOT
from test_cli import moongate

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
SCRIPT = """
default: allow
limits: { script: { instructions: 100000000, memory: 64MiB, time: 10s } }
tools:
  "*":
    rules:
      - name: forms
        lua: |
          function check(call)
            for _, case in ipairs(call.args.cases) do
              for form, expected in pairs(case.forms) do
                local found = text.normalize(case.text, form)
                if found ~= expected then deny(form .. " of " .. json.encode(case.text) .. ": " .. found) end
              end
            end
          end
"""


def test_normalization_agrees_with_python(tmp_path: Path) -> None:
    everything = map(chr, [*range(0xA0, 0xD800), *range(0xE000, 0x110000)])
    characters = [one for one in everything if unicodedata.category(one) not in ("Cn", "Co")]
    # Those that change, alone and between others; and what a mark does to a letter.
    changing = [one for one in characters if unicodedata.normalize("NFKD", one) != one and not "가" <= one <= "힣"]
    marks = [one for one in characters if unicodedata.combining(one)]
    texts = changing + [f"e{one}\u0323o" for one in marks] + [f"{one}\u0301" for one in changing]
    texts += map(chr, range(0xAC00, 0xD7A4, 97))
    (tmp_path / "policy.yaml").write_text(SCRIPT, encoding="utf-8")
    lines = []
    for start in range(0, len(texts), 400):
        cases = [
            {"text": text, "forms": {form: unicodedata.normalize(form, text) for form in FORMS}}
            for text in texts[start:start + 400]
        ]
        lines.append(json.dumps({"tool": "t", "arguments": {"cases": cases}}))
    decided = moongate("eval", "-c", "policy.yaml", "--json", "-", given="\n".join(lines) + "\n", at=tmp_path)
    answers = [json.loads(line) for line in decided.stdout.split("\n") if line]
    assert len(answers) == len(lines) > 30
    for answer in answers:
        assert answer["verdict"] == "allowed", answer


@pytest.mark.skipif(not ctypes.util.find_library("icui18n"), reason="ICU is not installed")
def test_tables_are_what_the_official_data_makes() -> None:
    made = run([sys.executable, ROOT / ".ci/unicode.py", "--check"], capture_output=True, text=True)
    assert made.returncode == 0, made.stdout + made.stderr
