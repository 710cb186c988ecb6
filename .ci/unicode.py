"""Makes the tables of Unicode characters that the program has, from official data; `python3 .ci/unicode.py` writes them
anew, `--check` only says whether they are what it would write.

It needs Debian's packages unicode-data (UnicodeData.txt, CompositionExclusions.txt) and libicu72 (the confusables of
UTS #39, which are asked of it character by character). Both hold Unicode 15.0.0.

A table is a text of base64 in a Swift file. The bytes below it are entries in the order of their code points.
Numbers are written seven bits a byte, the low ones first, the top bit set where more follow; differences that may
be negative as 2n or -2n - 1. An entry is: how far its code point lies behind the one before; a head; if the head's
bit 2 is set, how many more entries have the same numbers; and for each character that it leads to how far that lies
behind the one in the same position of the entry before. The head's bits from 3 on count these characters; what bits
0 and 1 say is the table's own.
"""

import base64
import ctypes
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path("/usr/share/unicode")
VERSION = "15.0.0"
LONGEST_LINE = 116
REPEATED = 4

Entry = tuple[int, int, list[int]]  # code point, bits 0 and 1 of the head, characters


def number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def packed(entries: list[Entry]) -> bytes:
    rows, last_point, last = [], 0, {}
    for point, bits, targets in entries:
        steps = b""
        for position, target in enumerate(targets):
            step = target - last.get(position, 0)
            last[position] = target
            steps += number(2 * step if step >= 0 else -2 * step - 1)
        rows.append((number(point - last_point), len(targets) << 3 | bits, steps))
        last_point = point
    out, index = b"", 0
    while index < len(rows):
        same = 1
        while index + same < len(rows) and rows[index + same] == rows[index]:
            same += 1
        step, head, steps = rows[index]
        out += step + (number(head | REPEATED) + number(same - 1) if same > 1 else number(head)) + steps
        index += same
    return out


def unicode_data() -> dict[int, list[str]]:
    lines = (DATA / "UnicodeData.txt").read_text(encoding="ascii").splitlines()
    return {int(fields[0], 16): fields for fields in (line.split(";") for line in lines)}


def decompositions() -> list[Entry]:
    """One step of each: bit 0 where it is one of compatibility, bit 1 where it is not put together again."""
    text = (DATA / "CompositionExclusions.txt").read_text(encoding="utf-8")
    assert f"CompositionExclusions-{VERSION}.txt" in text
    excluded = {int(line.split()[0], 16) for line in text.splitlines() if line and not line.startswith("#")}
    data = unicode_data()
    entries = []
    for point, fields in sorted(data.items()):
        words = fields[5].split()
        if not words:
            continue
        compatible = words[0].startswith("<")
        targets = [int(word, 16) for word in words[compatible:]]
        starters = data[point][3] == "0" and (targets[0] not in data or data[targets[0]][3] == "0")
        alone = compatible or point in excluded or len(targets) == 1 or not starters
        entries.append((point, compatible | alone << 1, targets))
    return entries


def classes() -> list[Entry]:
    """Canonical combining classes that are not 0, each as the one character that it leads to."""
    return [(point, 0, [int(fields[3])]) for point, fields in sorted(unicode_data().items()) if fields[3] != "0"]


def confusables() -> list[Entry]:
    """The prototype of each character that is not its own, in NFD."""
    library = ctypes.CDLL("libicui18n.so.72")  # ICU 72 has the data of Unicode 15.0
    status = ctypes.c_int(0)
    library.uspoof_open_72.restype = ctypes.c_void_p
    checker = ctypes.c_void_p(library.uspoof_open_72(ctypes.byref(status)))
    assert status.value <= 0
    out = ctypes.create_string_buffer(256)
    data, entries = unicode_data(), []
    for point in [*range(0xD800), *range(0xE000, 0x110000)]:
        text = chr(point).encode("utf-8")
        count = library.uspoof_getSkeletonUTF8_72(checker, 0, text, len(text), out, len(out), ctypes.byref(status))
        assert status.value <= 0
        skeleton = out.raw[:count].decode("utf-8")
        # What NFD takes apart is not looked up.
        canonical = 0xAC00 <= point < 0xD7A4 or point in data and data[point][5][:1] not in ("", "<")
        if skeleton != chr(point) and not canonical:
            entries.append((point, 0, [ord(character) for character in skeleton]))
    return entries


def swift(name: str, words: str, entries: list[Entry]) -> str:
    text = base64.b64encode(packed(entries)).decode("ascii")
    lines = [text[start:start + LONGEST_LINE - 5] for start in range(0, len(text), LONGEST_LINE - 5)]
    body = "\\\n".join("    " + line for line in lines)
    return (
        f"// Made by .ci/unicode.py, which says how to read it, from data of Unicode {VERSION}: © Unicode, Inc.,\n"
        f"// https://www.unicode.org/terms_of_use.html\n\n"
        f"extension CharacterTable {{\n  /// {words}\n  static let {name}Text: StaticString = \"\"\"\n{body}\n"
        f"    \"\"\"\n}}\n")


TABLES = {
    "Decompositions": ("decompositions", "What characters decompose to, one step each.", decompositions),
    "CombiningClasses": ("combiningClasses", "The canonical combining classes that are not 0.", classes),
    "Confusables": ("confusables", "The prototypes of characters that look like others.", confusables),
}


def main() -> int:
    wrong = 0
    for file, (name, words, entries) in TABLES.items():
        path = ROOT / "Sources/Policy/Text" / f"CharacterTable+{file}.swift"
        text = swift(name, words, entries())
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path}: not what {sys.argv[0]} makes")
            wrong = 1
    return wrong


if __name__ == "__main__":
    sys.exit(main())
