// Measures what a proxy adds to a call, beside what a bare relay adds.
//
//     bench [--moongate PROGRAM --policies DIRECTORY] [--rounds N] [--calls N] [--json] [--check]
//
// Each round visits every subject in turn, beginning with another one each time, so that a disturbance of the machine
// falls on all alike. A visit starts the subject and takes the time to its first answer, makes calls one after the
// other for the latencies, then keeps 16 in flight for the throughput. What is printed are medians over the rounds;
// ratios are taken within a round. `echo` and `relay` are expected beside this program.

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SUBJECTS = 6, MOST_ROUNDS = 99, IN_FLIGHT = 16, WARM_UP = 500, CALL_BYTES = 300, INPUT = 1 << 20 };

struct measurement {
  double p50, p99;         // microseconds
  double calls;            // a second, with IN_FLIGHT of them open
  double first;            // milliseconds from start to first answer
  double added, times;     // microseconds added to direct's p50, and that over what the relay adds
  double throughput;       // calls a second over the relay's
  double validator;        // microseconds that the validator adds to the p50 of the same rules without it
  double validator_times;  // that over what the relay adds
};

struct subject {
  const char *name;
  char *arguments[10];
  bool one_core;           // with all that it starts, and the other cores to the client
  // What is promised; 0: nothing.
  double most_times, most_validator_times, least_throughput, least_calls, most_first;
  struct measurement rounds[MOST_ROUNDS];
};

struct session {
  pid_t child;
  int to, from;
  long next_id;
  size_t held;
  char input[INPUT];
};

static struct session session;

static void fail(const char *what) {
  if (errno) perror(what);
  else fprintf(stderr, "bench: %s: the program has ended; start it by hand to see why\n", what);
  exit(2);
}

static double now(void) {  // microseconds
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void stay_on_one_core(void) {
  cpu_set_t all, one;
  if (sched_getaffinity(0, sizeof all, &all) < 0) _exit(127);
  int last = CPU_SETSIZE - 1;
  while (last > 0 && !CPU_ISSET(last, &all)) last--;
  CPU_ZERO(&one);
  CPU_SET(last, &one);
  if (sched_setaffinity(0, sizeof one, &one) < 0) _exit(127);
}

static void start(const struct subject *subject) {
  int to[2], from[2];
  if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0) fail("pipe");
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    if (subject->one_core) stay_on_one_core();
    dup2(to[0], STDIN_FILENO);
    dup2(from[1], STDOUT_FILENO);
    // What it logs is written, as it would be, and not shown among the figures.
    int log = open("/dev/null", O_WRONLY);
    if (log < 0 || dup2(log, STDERR_FILENO) < 0) _exit(127);
    execv(subject->arguments[0], subject->arguments);
    _exit(127);
  }
  close(to[0]);
  close(from[1]);
  session.child = child;
  session.to = to[1];
  session.from = from[0];
  session.next_id = 1;
  session.held = 0;
}

static void send_bytes(const char *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t count = write(session.to, bytes + done, length - done);
    if (count < 0 && errno != EINTR) fail("write");
    if (count > 0) done += (size_t)count;
  }
}

// Waits until something has come; returns how many lines did, and stops if one is no good answer.
static int receive(void) {
  errno = 0;
  ssize_t count = read(session.from, session.input + session.held, INPUT - session.held);
  if (count < 0 && errno == EINTR) return 0;
  if (count <= 0) fail("read");
  session.held += (size_t)count;
  int lines = 0;
  char *line = session.input;
  char *newline;
  while ((newline = memchr(line, '\n', session.held - (size_t)(line - session.input)))) {
    size_t length = (size_t)(newline - line);
    if (memmem(line, length, "\"isError\":true", 14) || memmem(line, length, "\"error\":", 8)) {
      fprintf(stderr, "bench: not answered as it should be: %.*s\n", (int)length, line);
      exit(2);
    }
    lines++;
    line = newline + 1;
  }
  session.held -= (size_t)(line - session.input);
  if (session.held == INPUT) fail("an answer of more than 1 MiB");
  memmove(session.input, line, session.held);
  return lines;
}

static void ask(const char *message) {
  send_bytes(message, strlen(message));
  while (receive() == 0) continue;
}

static size_t write_call(char *into) {
  static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":%ld,\"method\":\"tools/call\",\"params\":{"
                             "\"name\":\"luma_generate_video_from_image\",\"arguments\":{"
                             "\"start_image_url\":\"https://images.example.com/a.png\","
                             "\"callback_url\":\"https://hooks.example.com/done\",\"prompt\":\"";
  static const char tail[] = "\"}}}\n";
  int length = snprintf(into, CALL_BYTES, head, session.next_id++);
  size_t fill = CALL_BYTES - (size_t)length - (sizeof tail - 1);
  memset(into + length, 'w', fill);
  memcpy(into + length + fill, tail, sizeof tail - 1);
  return CALL_BYTES;
}

static int ascending(const void *left, const void *right) {
  double difference = *(const double *)left - *(const double *)right;
  return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
  qsort(values, (size_t)count, sizeof *values, ascending);
  return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static void measure_latency(struct measurement *measured, int calls) {
  static double *latencies;
  char call[CALL_BYTES];
  latencies = realloc(latencies, (size_t)calls * sizeof *latencies);
  if (!latencies) fail("memory");
  for (int index = -WARM_UP; index < calls; index++) {
    size_t length = write_call(call);
    double begun = now();
    send_bytes(call, length);
    while (receive() == 0) continue;
    if (index >= 0) latencies[index] = now() - begun;
  }
  measured->p50 = median(latencies, calls);
  measured->p99 = latencies[(long)calls * 99 / 100];
}

static void measure_throughput(struct measurement *measured, int calls) {
  char call[CALL_BYTES];
  int sent = 0, answered = 0, wanted = IN_FLIGHT;
  double begun = now();
  while (answered < calls) {
    // One write a message, as clients do.
    for (; wanted > 0 && sent < calls; wanted--, sent++) send_bytes(call, write_call(call));
    int lines = receive();
    answered += lines;
    wanted += lines;
  }
  measured->calls = calls / (now() - begun) * 1e6;
}

static struct measurement visit(const struct subject *subject, int calls) {
  struct measurement measured = {0};
  double begun = now();
  start(subject);
  ask("{\"jsonrpc\":\"2.0\",\"id\":\"open\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
      "\"capabilities\":{},\"clientInfo\":{\"name\":\"bench\",\"version\":\"1\"}}}\n");
  measured.first = (now() - begun) / 1e3;
  static const char ready[] = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
  send_bytes(ready, sizeof ready - 1);
  ask("{\"jsonrpc\":\"2.0\",\"id\":\"list\",\"method\":\"tools/list\"}\n");
  measure_latency(&measured, calls);
  measure_throughput(&measured, calls * 4);
  close(session.to);
  close(session.from);
  int status;
  if (waitpid(session.child, &status, 0) < 0) fail("waitpid");
  return measured;
}

static double over_rounds(const struct subject *subject, int rounds, size_t offset) {
  double values[MOST_ROUNDS];
  for (int round = 0; round < rounds; round++)
    values[round] = *(const double *)((const char *)&subject->rounds[round] + offset);
  return median(values, rounds);
}

#define MEDIAN(subject, member) over_rounds(subject, rounds, offsetof(struct measurement, member))

static void print_table(const struct subject *subjects, int count, int rounds, int calls) {
  printf("%d rounds of %d calls of %d bytes, one after the other, then %d with %d in flight; medians over rounds\n\n",
         rounds, calls, CALL_BYTES, calls * 4, IN_FLIGHT);
  printf("%-31s %9s %9s %9s %9s %9s %9s %9s\n", "", "p50", "p99", "added", "by relay", "calls/s", "by relay", "first");
  for (int index = 0; index < count; index++) {
    const struct subject *subject = &subjects[index];
    printf("%-31s %6.1f µs %6.1f µs %6.1f µs %9.2f %9.0f %9.2f %6.1f ms\n", subject->name, MEDIAN(subject, p50),
           MEDIAN(subject, p99), MEDIAN(subject, added), MEDIAN(subject, times), MEDIAN(subject, calls),
           MEDIAN(subject, throughput), MEDIAN(subject, first));
  }
}

static void print_json(const struct subject *subjects, int count, int rounds, int calls) {
  printf("{\"rounds\": %d, \"calls\": %d, \"bytes\": %d, \"inFlight\": %d, \"subjects\": [", rounds, calls, CALL_BYTES,
         IN_FLIGHT);
  for (int index = 0; index < count; index++) {
    const struct subject *subject = &subjects[index];
    printf("%s\n  {\"name\": \"%s\", \"p50Microseconds\": %.2f, \"p99Microseconds\": %.2f, "
           "\"addedMicroseconds\": %.2f, \"addedOverRelay\": %.3f, \"callsPerSecond\": %.0f, \"callsOverRelay\": %.3f, "
           "\"firstAnswerMilliseconds\": %.2f, \"validatorMicroseconds\": %.2f, \"validatorOverRelay\": %.3f}",
           index ? "," : "", subject->name, MEDIAN(subject, p50), MEDIAN(subject, p99), MEDIAN(subject, added),
           MEDIAN(subject, times), MEDIAN(subject, calls), MEDIAN(subject, throughput), MEDIAN(subject, first),
           MEDIAN(subject, validator), MEDIAN(subject, validator_times));
  }
  printf("\n]}\n");
}

static bool print_promise(FILE *out, const char *name, bool kept, const char *words, double limit, double value) {
  fprintf(out, "%-31s %-8s ", name, kept ? "kept" : "NOT KEPT");
  fprintf(out, words, limit, value);
  fputc('\n', out);
  return kept;
}

// What the proxy promises, each with whether it was kept.
static bool print_promises(const struct subject *subjects, int count, int rounds, FILE *out) {
  bool all = true;
  for (int index = 0; index < count; index++) {
    const struct subject *subject = &subjects[index];
    const char *name = subject->name;
    if (subject->most_times > 0) {
      double times = MEDIAN(subject, times);
      all &= print_promise(
          out, name, times <= subject->most_times, "adds at most %.1f times what the relay adds: %.2f",
          subject->most_times, times);
    }
    if (subject->most_validator_times > 0) {
      double times = MEDIAN(subject, validator_times);
      fprintf(out, "%-31s validator adds %.1f µs, %.2f of the relay's\n", name, MEDIAN(subject, validator), times);
      all &= print_promise(
          out, name, times <= subject->most_validator_times, "its validator at most %.1f of that: %.2f",
          subject->most_validator_times, times);
    }
    if (subject->least_throughput > 0) {
      double share = MEDIAN(subject, throughput);
      all &= print_promise(
          out, name, share >= subject->least_throughput, "at least %.1f of the relay's calls a second: %.2f",
          subject->least_throughput, share);
    }
    if (subject->least_calls > 0) {
      double calls = MEDIAN(subject, calls);
      all &= print_promise(
          out, name, calls >= subject->least_calls, "at least %.0f calls a second: %.0f", subject->least_calls, calls);
    }
    if (subject->most_first > 0) {
      double first = MEDIAN(subject, first);
      all &= print_promise(
          out, name, first <= subject->most_first, "first answer within %.0f ms: %.1f", subject->most_first, first);
    }
  }
  return all;
}

static char *beside(const char *directory, const char *name) {
  char *path;
  if (asprintf(&path, "%s/%s", directory, name) < 0) fail("memory");
  return path;
}

static int read_number(const char *text, int most) {
  char *end;
  long value = strtol(text, &end, 10);
  if (*end || value < 1 || value > most) {
    fprintf(stderr, "bench: %s is no number from 1 to %d\n", text, most);
    exit(2);
  }
  return (int)value;
}

int main(int count, char **arguments) {
  static const struct option options[] = {
      {"moongate", required_argument, 0, 'm'}, {"policies", required_argument, 0, 'p'},
      {"rounds", required_argument, 0, 'r'},   {"calls", required_argument, 0, 'c'},
      {"json", no_argument, 0, 'j'},           {"check", no_argument, 0, 'k'},
      {0}};
  char *moongate = NULL;
  const char *policies = NULL;
  int rounds = 11, calls = 5000;
  bool json = false, check = false;
  for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
    switch (option) {
      case 'm': moongate = optarg; break;
      case 'p': policies = optarg; break;
      case 'r': rounds = read_number(optarg, MOST_ROUNDS); break;
      case 'c': calls = read_number(optarg, 1000000); break;
      case 'j': json = true; break;
      case 'k': check = true; break;
      default: return 2;
    }
  }
  if ((moongate == NULL) != (policies == NULL)) {
    fprintf(stderr, "bench: --moongate and --policies go together\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);

  char here[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", here, sizeof here - 1);
  if (length < 0) fail("/proc/self/exe");
  here[length] = 0;
  *strrchr(here, '/') = 0;
  char *echo = beside(here, "echo"), *relay = beside(here, "relay");

  static struct subject subjects[MOST_SUBJECTS];
  int number = 0;
  subjects[number++] = (struct subject){.name = "direct", .arguments = {echo}};
  subjects[number++] = (struct subject){.name = "relay in C", .arguments = {relay, echo}};
  if (moongate) {
    char *ten_rules = beside(policies, "ten-rules.yaml");
    subjects[number++] = (struct subject){
        .name = "moongate, ten rules", .most_times = 1.5, .least_throughput = 0.5, .most_first = 10,
        .arguments = {moongate, "-c", ten_rules, "--", echo}};
    char *with_script = beside(policies, "with-script.yaml");
    subjects[number++] = (struct subject){
        .name = "moongate, ten rules and Lua", .most_times = 2, .most_validator_times = 0.5, .least_calls = 10000,
        .most_first = 10, .arguments = {moongate, "-c", with_script, "--", echo}};
    subjects[number++] = (struct subject){
        .name = "moongate, rules, Lua, one core", .one_core = true, .least_calls = 10000,
        .arguments = {moongate, "-c", with_script, "--", echo}};
    subjects[number++] = (struct subject){
        .name = "moongate, its limit in a file", .most_times = 1.6,
        .arguments = {
            moongate, "-c", ten_rules, "--with", "per=all", "--state-dir", beside(here, "state"), "--", echo}};
  }

  for (int round = 0; round < rounds; round++) {
    for (int turn = 0; turn < number; turn++) {
      struct subject *subject = &subjects[(round + turn) % number];
      subject->rounds[round] = visit(subject, calls);
    }
    const struct measurement direct = subjects[0].rounds[round], floor = subjects[1].rounds[round];
    for (int index = 0; index < number; index++) {
      struct measurement *measured = &subjects[index].rounds[round];
      measured->added = measured->p50 - direct.p50;
      measured->times = measured->added / (floor.p50 - direct.p50);
      measured->throughput = measured->calls / floor.calls;
      if (subjects[index].most_validator_times == 0) continue;
      // The subject before it has the same rules, and no validator.
      measured->validator = measured->p50 - subjects[index - 1].rounds[round].p50;
      measured->validator_times = measured->validator / (floor.p50 - direct.p50);
    }
  }
  if (json) print_json(subjects, number, rounds, calls);
  else print_table(subjects, number, rounds, calls);
  fflush(stdout);
  bool kept = print_promises(subjects, number, rounds, json ? stderr : stdout);
  return check && !kept;
}
