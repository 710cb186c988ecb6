"""An MCP server over stdio, as plain as can be, that misbehaves on demand: python3 server.py [BEHAVIOUR ...]."""

import json
import os
import signal
import sys


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answer(request):
    method = request["method"]
    if method == "initialize":
        return {
            "protocolVersion": request["params"]["protocolVersion"],
            "capabilities": {"tools": {"listChanged": True}},
            "serverInfo": {"name": "plain", "version": "1"},
        }
    if method == "tools/list":
        return {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in ("echo", "secret", "big")]}
    if method == "tools/call":
        arguments = request["params"].get("arguments", {})
        size = arguments.get("size", 0)
        return {"content": [{"type": "text", "text": json.dumps(arguments) + "x" * size}]}
    return {}


behaviours = set(sys.argv[1:])
if "rubbish" in behaviours:
    sys.stdout.write("Listening on port 8080\n\x1b[31mnot json\x1b[0m\n")
    sys.stdout.flush()
if "deaf" in behaviours:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
if "stderr" in behaviours:
    sys.stderr.write("a word from the server\n")
    sys.stderr.flush()

for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message or "method" not in message:
        continue
    if message["method"] == "tools/list":
        if "exits when asked" in behaviours:
            os._exit(3)
        if "lists nothing" in behaviours:
            send({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no tools here"}})
            continue
        if "lists twice" in behaviours:
            send({"jsonrpc": "2.0", "id": message["id"], "result": answer(message)})
    if message["method"] == "tools/call":
        if "exits" in behaviours:
            os._exit(3)
        if "crashes" in behaviours:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hangs" in behaviours:
            continue
        if "closes" in behaviours:
            os.close(1)
            signal.pause()
        if "half" in behaviours:
            sys.stdout.write('{"jsonrpc":"2.0","id":1,"resu')
            sys.stdout.flush()
            os._exit(0)
        if "overlong" in behaviours:
            send({"jsonrpc": "2.0", "id": message["id"], "result": {"text": "x" * (17 << 20)}})
            continue
    send({"jsonrpc": "2.0", "id": message["id"], "result": answer(message)})

if "last words" in behaviours:
    send({"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": "last words"}})
if "deaf" in behaviours:
    while True:
        signal.pause()
sys.exit(7 if "seven" in behaviours else 0)
