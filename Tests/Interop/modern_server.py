"""A small server on the SDK that speaks 2026-07-28; runs in .venv-modern."""

from typing import Annotated

from mcp.server.caching import CacheHint
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.resolve import Elicit, Resolve
from pydantic import BaseModel

server = MCPServer(
    "modern", version="1.0", cache_hints={"tools/list": CacheHint(ttl_ms=60_000, scope="public")})


class Confirmation(BaseModel):
    sure: bool


def ask(what: str) -> Elicit[Confirmation]:
    return Elicit(f"Remove {what}?", Confirmation)


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
def secret() -> str:
    """Tells what nobody should know."""
    return "the secret"


@server.tool()
def remove(what: str, confirmation: Annotated[Confirmation, Resolve(ask)]) -> str:
    """Removes something, once a person has said yes."""
    return f"removed {what}" if confirmation.sure else f"kept {what}"


@server.resource("note://today")
def today() -> str:
    """A note."""
    return "buy milk"


@server.prompt()
def greet(name: str) -> str:
    """Greets somebody."""
    return f"Greet {name}."


if __name__ == "__main__":
    server.run()
