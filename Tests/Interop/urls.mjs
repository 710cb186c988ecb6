// Reads a JSON array of texts, and prints what Node makes of each: [scheme, host, port] by the URL Standard and by its
// older parser, or null where one does not take it.
import { readFileSync } from "node:fs";
import { parse } from "node:url";

const attempt = (read) => {
  try {
    return read();
  } catch {
    return null;
  }
};

const texts = JSON.parse(readFileSync(0, "utf8"));
const found = texts.map((text) => [
  attempt(() => {
    const url = new URL(text);
    return [url.protocol, url.hostname, url.port];
  }),
  attempt(() => {
    const url = parse(text);
    return [url.protocol, url.hostname, url.port ?? ""];
  }),
]);
console.log(JSON.stringify(found));
