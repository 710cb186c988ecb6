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


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def api() -> Iterator[StandIn]:
    """The stand-in for the paid API behind mcp-luma."""
    with StandIn() as stand_in:
        yield stand_in


@pytest.fixture
def policy(tmp_path: Path):
    """Writes a policy, and returns where."""

    def write(text: str, name: str = "policy.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
