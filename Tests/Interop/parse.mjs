// Reads one JSON text a line and prints what it says as a list of [method, name, arguments], in one spelling.
import { readFileSync } from "node:fs";

for (const line of readFileSync(0, "utf8").split("\n").slice(0, -1)) {
  const message = JSON.parse(line);
  console.log(JSON.stringify([message.method, message.params?.name ?? null, message.params?.arguments ?? null]));
}
