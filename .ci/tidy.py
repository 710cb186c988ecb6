"""Holds the files of the repository against the house rules that no formatter knows.

Each rule is a function from a file to the lines it objects to; `python3 .ci/tidy.py` prints them all and fails if
there are any.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".swift", ".c", ".h", ".cpp", ".py", ".lua", ".yaml", ".md", ".toml", ".json", ".ini", ".txt", ""}
LONGEST_LINE = 120
LONGEST_FILE = 400

Finding = tuple[int, str]


def is_swift_source(path: Path) -> bool:
    return path.suffix == ".swift" and path.parts[0] == "Sources"


def white_space(path: Path, lines: list[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if line != line.rstrip():
            yield number, "white space at the end of the line"
        if "\t" in line and path.name != "Makefile":
            yield number, "a tab"


def line_length(path: Path, lines: list[str]) -> Iterator[Finding]:
    if path.suffix in {".c", ".h", ".cpp", ".py", ".lua"}:  # of Swift's, swift format knows better
        for number, line in enumerate(lines, 1):
            if len(line) > LONGEST_LINE:
                yield number, f"{len(line)} characters, over {LONGEST_LINE}"


def file_length(path: Path, lines: list[str]) -> Iterator[Finding]:
    if path.suffix in {".swift", ".c", ".cpp", ".py", ".lua"} and len(lines) > LONGEST_FILE:
        yield 1, f"{len(lines)} lines, over {LONGEST_FILE}: is it two subjects?"


def unfinished(path: Path, lines: list[str]) -> Iterator[Finding]:
    for number, line in enumerate(lines, 1):
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b|not (yet )?implemented", line):
            yield number, "something unfinished"


def crashes(path: Path, lines: list[str]) -> Iterator[Finding]:
    if is_swift_source(path):
        for number, line in enumerate(lines, 1):
            code = line.split("//")[0]
            if re.search(r"\bfatalError\(|\btry!|\bas!", code):
                yield number, "a crash in waiting: throw, or return nil"


def unproved(path: Path, lines: list[str]) -> Iterator[Finding]:
    if is_swift_source(path):
        for number, line in enumerate(lines, 1):
            before = "".join(lines[max(0, number - 6) : number])
            if "@unchecked" in line and "//" not in before:
                yield number, "@unchecked without a comment that proves it"


def foundation(path: Path, lines: list[str]) -> Iterator[Finding]:
    if is_swift_source(path):
        for number, line in enumerate(lines, 1):
            if re.search(r"^\s*(public )?import Foundation\s*$", line):
                yield number, "Foundation brings 45 MB of ICU along: FoundationEssentials, or better neither"


def names(path: Path, lines: list[str]) -> Iterator[Finding]:
    if path.suffix == ".swift" and re.search(r"(Manager|Helpers?|Utils?|Utilities)$", path.stem):
        yield 1, "a name that says nothing"
    if is_swift_source(path) and path.parts[1] not in {"moongate"}:
        for number, line in enumerate(lines, 1):
            if re.search(rf"\b(struct|class|enum|actor|protocol)\s+{path.parts[1]}\b", line):
                yield number, "a type named like its module"


def final_newline(path: Path, lines: list[str]) -> Iterator[Finding]:
    text = (ROOT / path).read_bytes()
    if text and (not text.endswith(b"\n") or text.endswith(b"\n\n")):
        yield len(lines), "a file ends with exactly one newline"


RULES = [white_space, line_length, file_length, unfinished, crashes, unproved, foundation, names, final_newline]


def main() -> int:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    findings = 0
    for path in sorted(Path(name) for name in listed.split("\0") if name):
        own = path == Path(".ci/tidy.py")
        if path.suffix not in TEXT or path.name == "LICENSE" or not (ROOT / path).is_file() or "Golden" in path.parts:
            continue
        lines = (ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines()
        for rule in RULES:
            if own and rule is unfinished:
                continue
            for number, message in rule(path, lines):
                print(f"{path}:{number}: {message}")
                findings += 1
    print(f"tidy: {findings} findings" if findings else "tidy: nothing to say")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
