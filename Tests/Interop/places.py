"""Where things are: the repository, the program under test, the two Python environments."""

import os
from pathlib import Path

INTEROP = Path(__file__).resolve().parent
ROOT = INTEROP.parent.parent
MOONGATE = Path(os.environ.get("MOONGATE", ROOT / ".build-release" / "release" / "moongate"))
LUMA = ROOT / "examples" / "luma"
PYTHON = ROOT / ".venv" / "bin" / "python"
MODERN_PYTHON = ROOT / ".venv-modern" / "bin" / "python"


def server(name: str) -> str:
    """A server that `make setup` installed."""
    return str(ROOT / ".venv" / "bin" / name)
