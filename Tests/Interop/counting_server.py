"""An MCP server that notes when it got each call, before it answers: python counting_server.py FILE."""

import json
import os
import sys
import time

calls = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
for line in sys.stdin.buffer:
    message = json.loads(line)
    if message.get("method") == "tools/call":
        os.write(calls, b"%d\n" % time.monotonic_ns())
    if "id" in message:
        answer = {"jsonrpc": "2.0", "id": message["id"], "result": {"content": []}}
        os.write(1, json.dumps(answer).encode() + b"\n")
