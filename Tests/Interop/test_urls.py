"""An allowlist of hosts cannot be talked round: what passes is read the same way by every parser at hand.

The URLs are made from a seed: tricks that have fooled parsers, and every kind of damage done to plain URLs. Parsers of
the URL Standard (Ada by `can_ada`, Node's `URL`), of RFC 3986 and of neither (`urllib`, `httpx`, Node's older one) say
where each URL that passes would lead.
"""

import json
import random
import subprocess
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import can_ada
import httpx
import pytest

from places import INTEROP
from test_cli import evaluate

HOSTS = ["hooks.example.com", "*.example.org", "203.0.114.7", "[2a01:db8::7]", "hooks.example.com:8443"]
POLICY = f"""
tools:
  "*":
    rules:
      - name: home
        require: [{{ args.url: {{ url: {{ schemes: [https], hosts: {json.dumps(HOSTS)} }} }} }}]
"""
ANY_HOST = """
tools: { "*": { rules: [{ name: any, require: [{ args.url: { url: {} } }] }] } }
"""

PLAIN = [
    "https://hooks.example.com/done", "https://a.example.org/", "https://a.b.example.org/x?y=z#w",
    "https://203.0.114.7/", "https://[2a01:db8::7]/x", "https://hooks.example.com:8443/", "HTTPS://Hooks.Example.COM",
    "https://hooks.example.com:443/", "https://hooks.example.com?u=https://evil.test/",
    "https://xn--bcher-kva.example.org/",
]
EVIL = [
    "evil.test", "127.0.0.1", "hooks.example.com.evil.test", "evilhooks.example.com", "example.org", "0x7f.1", "[::1]",
]
GOOD = ["hooks.example.com", "a.example.org"]
TRICKS = [
    "https://{evil}\\@{good}", "https://{good}\\@{evil}", "https://{evil}#@{good}", "https://{evil}?@{good}",
    "https://{good}@{evil}", "https://{good}:443@{evil}/", "https://{evil}%2f@{good}", "https://{good}%00.{evil}",
    "https://{good}%2e{evil}", "https:{evil}/{good}", "https:/{evil}/{good}", "https:///{evil}/{good}",
    "https:\\\\{evil}/{good}", "//{evil}/{good}", "https://{good}\t.{evil}", "https://{good}\n@{evil}/",
    "https://{good}。{evil}", "https://{good}／{evil}", "https://{good}＠{evil}", "https://{good}&@{evil}#@{good}",
    "https://{evil};@{good}", "https://{good}:@{evil}", "https://@{evil}@{good}", "https://{good}..{evil}",
    "https://{good}.", "https://{good}:8443.{evil}", "https://{good}:99999", "https://{good}:080/",
    "https://{good} .{evil}",
    "https://{good}|{evil}", "https://[{good}]", "https://{good}[{evil}]", "https://{good}\u00ad.{evil}",
    "https://{good}\x00{evil}",
    " https://{evil}#https://{good}", "https://{evil}/https://{good}", "javascript:https://{good}",
    "https://ⓗooks.example.com/",
    "https://{good}?#@{evil}/", "https://{good}/?@{evil}", "https://{good}/..;@{evil}", "https://{good}#\\@{evil}",
    "https://0xcb.0.114.7/", "https://3405804039/", "https://203.114.7", "https://0313.0.0162.07/",
    "https://[::ffff:203.0.114.7]/",
    "https://[2a01:0db8::7]/", "https://[2a01:db8::7%25eth0]/", "https://[2a01:db8:0:0:0:0:0:7]/",
    "https://xn--{good}/",
]
PIECES = [
    "\\", "@", "#", "?", "/", "//", ":", "%", "%2e", "%2F", "%00", "%40", "\t", "\n", "\r", " ", "\x00", "\x7f", "。",
    "．", "｡", "／",
    "＠", "：", "[", "]", "..", ".", "-", "_", "xn--", "0x", "0", "é", "K", "ſ", "\u200b", "\u202e", "\ufeff", "|",
    "^", "`", "{", "}", "<",
    ">", '"', "'", ";", ",", "&", "=", "+", "$", "!", "~", "*", "(", ")", ":443", ":80", "evil.test", "@evil.test",
    ".evil.test", "https://",
]

Place = tuple[str, str, str]


def damaged(dice: random.Random) -> str:
    """A plain URL to which something was done, or a trick, to which something may be done as well."""
    if dice.random() < 0.3:
        text = dice.choice(TRICKS).format(evil=dice.choice(EVIL), good=dice.choice(["hooks.example.com",
        "a.example.org"]))
    else:
        text = dice.choice(PLAIN)
    for _ in range(dice.randrange(0, 4)):
        at = dice.randrange(len(text) + 1)
        match dice.randrange(5):
            case 0 | 1:
                text = text[:at] + dice.choice(PIECES) + text[at:]
            case 2:
                text = text[:at] + text[at + 1:]
            case 3:
                text = text[:at] + dice.choice(PIECES) + text[at + 1:]
            case _:
                text = text[:at] + text[at:at + 1].swapcase() + text[at + 1:]
    return text


def by_ada(text: str) -> Place:
    url = can_ada.parse(text)
    return url.protocol, url.hostname, url.port


def by_urllib(text: str) -> Place:
    url = urlsplit(text)
    return url.scheme + ":", url.hostname or "", str(url.port or "")


def by_httpx(text: str) -> Place:
    url = httpx.URL(text)
    return url.scheme + ":", url.host, str(url.port or "")


def reading(read: Callable[[str], Place], text: str) -> Place | None:
    try:
        return read(text)
    except (ValueError, httpx.InvalidURL, UnicodeError):
        return None


PARSERS: dict[str, Callable[[str], Place]] = {"can_ada": by_ada, "urllib": by_urllib, "httpx": by_httpx}


def by_node(texts: list[str]) -> list[list[Place | None]]:
    process = subprocess.run(
        ["node", str(INTEROP / "urls.mjs")], input=json.dumps(texts), capture_output=True, text=True, check=True,
        timeout=60)
    return json.loads(process.stdout)


def leads_home(place: Place) -> bool:
    """Whether that is where the allowlist leads. An IPv6 address has many spellings, and is one address."""
    scheme, host, port = place[0].lower(), place[1].lower().strip("[]"), place[2] or "443"
    if ":" in host:
        host = str(ip_address(host))
    if scheme != "https:" or port not in ("443", "8443"):
        return False
    if port == "8443":
        return host == "hooks.example.com"
    return host in ("hooks.example.com", "203.0.114.7", "2a01:db8::7") or host.endswith(".example.org")


def allowed(policy: Path, texts: list[str]) -> list[str]:
    calls = [{"tool": "t", "arguments": {"url": text}} for text in texts]
    decisions = evaluate(policy, *calls, status=1)
    return [text for text, decision in zip(texts, decisions, strict=True) if decision["verdict"] == "allowed"]


def test_nothing_that_passes_is_read_differently_by_any_parser(policy) -> None:
    dice = random.Random(20261125)
    texts = sorted({damaged(dice) for _ in range(150_000)})
    passed = allowed(policy(POLICY), texts)
    assert len(texts) > 80_000
    assert len(passed) > 3_000, "most of what was tried is refused for being damaged, and this shows too little"
    wrong = []
    for text, node in zip(passed, by_node(passed), strict=True):
        found = {name: reading(read, text) for name, read in PARSERS.items()}
        found |= {"node": node[0], "node's older": node[1]}
        # A parser that takes no such URL leads nowhere. The standard's do take it.
        assert found["can_ada"] and found["node"], text
        wrong += [(text, name, place) for name, place in found.items() if place and not leads_home(place)]
    assert not wrong, wrong[:20]


@pytest.mark.parametrize("evil", EVIL)
def test_no_trick_leads_elsewhere(policy, evil: str) -> None:
    texts = [trick.format(evil=evil, good=good) for trick in TRICKS for good in GOOD]
    for text in allowed(policy(POLICY), texts):
        assert leads_home(by_ada(text)) and leads_home(by_urllib(text)), text


def ordinary(dice: random.Random) -> str:
    """What people write: names, paths, queries, sometimes a port, a fragment, an escape."""
    words = ["api", "cdn", "img", "www", "hooks", "media-2", "eu-west-1", "static", "a", "files", "u7", "x-y-z"]
    domains = ["example.com", "example.co.uk", "luma.example", "s3.example-cloud.net", "xn--bcher-kva.example", "b.io"]
    host = ".".join(dice.sample(words, dice.randrange(0, 3)) + [dice.choice(domains)])
    parts = ["v1", "videos", "2026", "a%20b", "clip_final.mp4", "user:7", "~me", "(1)", "x,y", "a+b", "%E2%9C%93",
    "@me"]
    path = "".join("/" + part for part in dice.sample(parts, dice.randrange(0, 5))) + dice.choice(["", "/"])
    query = dice.choice(["", "", "?id=7", "?q=a+b&lang=de", "?next=https://b.io/x", "?sig=a%2Fb%3D&x[]=1", "?"])
    start = dice.choice(["https://{}", "https://{}", "https://{}:443", "http://{}", "http://{}:80"])
    return start.format(host) + path + query + dice.choice(["", "", "#top", "#t=1,2"])


def test_ordinary_urls_pass(policy) -> None:
    dice = random.Random(7)
    texts = [ordinary(dice) for _ in range(10_000)]
    calls = [{"tool": "t", "arguments": {"url": text}} for text in texts]
    decisions = evaluate(policy(ANY_HOST), *calls, status=0)
    refused = [text for text, decision in zip(texts, decisions, strict=True) if decision["verdict"] != "allowed"]
    assert not refused, refused[:10]
