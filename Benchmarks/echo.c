// An MCP server over stdio that does next to nothing: what is measured is the way to it and back.
//
// It answers initialize, tools/list, tools/call and ping, one line each, and ignores notifications. It looks for the
// members that the load generator writes and for nothing else: no JSON parser for general use.

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT = 1 << 20, OUTPUT = 1024, LONGEST_ID = 64 };

static char input[INPUT];
static char output[OUTPUT];

static void write_all(size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t count = write(STDOUT_FILENO, output + done, length - done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) exit(1);
    done += (size_t)count;
  }
}

static const char *result_for(const char *line, size_t length) {
  if (memmem(line, length, "\"tools/call\"", 12))
    return "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"success\\\":true,\\\"task_id\\\":\\\"0f6c1f9e\\\"}\"}],"
           "\"isError\":false}";
  if (memmem(line, length, "\"initialize\"", 12))
    return "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
           "\"serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}";
  if (memmem(line, length, "\"tools/list\"", 12))
    return "{\"tools\":[{\"name\":\"luma_generate_video_from_image\",\"inputSchema\":{\"type\":\"object\"}}]}";
  return "{}";
}

static void answer(const char *line, size_t length) {
  const char *id = memmem(line, length, "\"id\":", 5);
  if (!id) return;
  id += 5;
  size_t digits = 0;
  while (id + digits < line + length && id[digits] != ',' && id[digits] != '}') digits++;
  if (digits > LONGEST_ID) exit(1);
  const char *result = result_for(line, length);
  int written = snprintf(output, OUTPUT, "{\"jsonrpc\":\"2.0\",\"id\":%.*s,\"result\":%s}\n", (int)digits, id, result);
  if (written < 0 || written >= OUTPUT) exit(1);
  write_all((size_t)written);  // one write a message, as servers do
}

int main(void) {
  size_t held = 0;
  for (;;) {
    ssize_t count = read(STDIN_FILENO, input + held, INPUT - held);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count < 0;
    held += (size_t)count;
    char *start = input;
    char *newline;
    while ((newline = memchr(start, '\n', held - (size_t)(start - input)))) {
      answer(start, (size_t)(newline - start));
      start = newline + 1;
    }
    held -= (size_t)(start - input);
    if (held == INPUT) return 1;
    memmove(input, start, held);
  }
}
