"""A server that writes each line it is given to a file, and answers each request with an empty result."""

import json
import sys

with open(sys.argv[1], "wb") as record:
    for line in sys.stdin.buffer:
        record.write(line)
        record.flush()
        message = json.loads(line)
        if "id" in message:
            answer = {"jsonrpc": "2.0", "id": message["id"], "result": {"content": []}}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
