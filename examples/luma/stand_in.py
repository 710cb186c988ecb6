"""A stand-in for the paid API behind mcp-luma, on a loopback port: nothing is generated, nothing is charged."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "stand-in-token"


@dataclass(frozen=True)
class Received:
    """One request that reached the API."""

    path: str
    body: dict[str, Any]


class StandIn:
    """Answers `/luma/videos` and `/luma/tasks` as the API does, and remembers what it was asked.

    A context manager: the server runs, on a thread of its own, as long as the block does.
    """

    def __init__(self) -> None:
        self.received: list[Received] = []
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                body = json.loads(self.rfile.read(length))
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    self.answer(401, {"error": {"code": "invalid_token", "message": "no such token"}})
                    return
                stand_in.received.append(Received(self.path, body))
                match self.path:
                    case "/luma/videos":
                        self.answer(200, stand_in.video(body))
                    case "/luma/tasks":
                        self.answer(200, stand_in.tasks(body))
                    case _:
                        self.answer(404, {"error": {"code": "not_found", "message": self.path}})

            def answer(self, status: int, body: dict[str, Any]) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def video(self, body: dict[str, Any]) -> dict[str, Any]:
        number = len(self.received)
        return {"success": True, "task_id": f"task-{number}", "trace_id": f"trace-{number}"}

    def tasks(self, body: dict[str, Any]) -> dict[str, Any]:
        def task(identifier: str) -> dict[str, Any]:
            video = {"success": True, "state": "completed", "video_url": f"https://videos.example.com/{identifier}.mp4"}
            return {"id": identifier, "state": "completed", "response": video}

        if body.get("action") == "retrieve_batch":
            return {"items": [task(identifier) for identifier in body["ids"]], "count": len(body["ids"])}
        return task(body["id"])

    @property
    def environment(self) -> dict[str, str]:
        """What mcp-luma reads to find this server in place of the real one."""
        host, port = self._server.server_address[:2]
        return {
            "ACEDATACLOUD_API_BASE_URL": f"http://{host}:{port}",
            "ACEDATACLOUD_API_TOKEN": TOKEN,
            "NO_PROXY": "127.0.0.1",
        }

    def __enter__(self) -> "StandIn":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
