"""Fixtures of the interop tests: real clients and servers, with the release program between them."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from places import LUMA, MOONGATE

sys.path.insert(0, str(LUMA))

from stand_in import StandIn  # noqa: E402  (the demo's own, found by the path above)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not MOONGATE.is_file():
        pytest.exit(f"there is no {MOONGATE}: `make build` makes it", returncode=2)


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the proxies of a test keep their counts: in nobody's home, and in no other test's."""
    folder = tmp_path_factory.mktemp("state")
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    return folder


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def api() -> Iterator[StandIn]:
    """The stand-in for the paid API behind mcp-luma."""
    with StandIn() as stand_in:
        yield stand_in


OVERRUNS = pytest.StashKey[dict[str, float]]()


@pytest.fixture
def overrun(request: pytest.FixtureRequest):
    """Notes how much longer than its deadline a script took, in seconds."""
    noted = request.config.stash.setdefault(OVERRUNS, {})
    return noted.__setitem__


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    noted = config.stash.get(OVERRUNS, {})
    if noted:
        worst = max(noted, key=noted.__getitem__)
        terminalreporter.write_line(
            f"{len(noted)} hostile scripts: the slowest, {worst}, was answered {noted[worst] * 1000:+.1f} ms from its "
            "deadline")


@pytest.fixture
def policy(tmp_path: Path):
    """Writes a policy, and returns where."""

    def write(text: str, name: str = "policy.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
