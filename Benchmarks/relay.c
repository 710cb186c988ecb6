// A bare relay: starts a server and passes bytes both ways, without looking at them.
//
//     relay server args…
//
// One thread, poll, non-blocking writes, a bounded buffer for each direction: the least that any process in the middle
// can do without a deadlock, and so the floor for one that also decides.

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CAPACITY = 64 * 1024 };

struct direction {
  int from, to;
  size_t start, end;
  bool ended;   // nothing more comes
  bool closed;  // and all of it has been passed on
  char buffer[CAPACITY];
};

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void set_nonblocking(int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) fail("fcntl");
}

static void push(struct direction *way) {
  while (way->start < way->end) {
    ssize_t count = write(way->to, way->buffer + way->start, way->end - way->start);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return;
      way->ended = true;
      way->start = way->end;
      break;
    }
    way->start += (size_t)count;
  }
  way->start = way->end = 0;
  if (way->ended && !way->closed) {
    way->closed = true;
    close(way->to);
  }
}

static void pull(struct direction *way) {
  ssize_t count = read(way->from, way->buffer + way->end, CAPACITY - way->end);
  if (count < 0) {
    if (errno == EINTR || errno == EAGAIN) return;
    count = 0;
  }
  if (count == 0) way->ended = true;
  way->end += (size_t)count;
  push(way);
}

static pid_t start(char **arguments, int *input, int *output) {
  int to_child[2], from_child[2];
  if (pipe2(to_child, O_CLOEXEC) < 0 || pipe2(from_child, O_CLOEXEC) < 0) fail("pipe");
  pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    dup2(to_child[0], STDIN_FILENO);
    dup2(from_child[1], STDOUT_FILENO);
    signal(SIGPIPE, SIG_DFL);
    execvp(arguments[0], arguments);
    fail(arguments[0]);
  }
  close(to_child[0]);
  close(from_child[1]);
  *input = to_child[1];
  *output = from_child[0];
  return child;
}

int main(int count, char **arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: relay server args…\n");
    return 2;
  }
  signal(SIGPIPE, SIG_IGN);
  static struct direction there, back;
  pid_t child = start(arguments + 1, &there.to, &back.from);
  there.from = STDIN_FILENO;
  back.to = STDOUT_FILENO;
  set_nonblocking(there.from);
  set_nonblocking(there.to);
  set_nonblocking(back.from);
  set_nonblocking(back.to);

  struct direction *ways[] = {&there, &back};
  while (!back.closed) {
    struct pollfd waits[4];
    struct direction *owners[4];
    nfds_t number = 0;
    for (int index = 0; index < 2; index++) {
      struct direction *way = ways[index];
      if (!way->ended && way->end < CAPACITY) {
        owners[number] = way;
        waits[number++] = (struct pollfd){.fd = way->from, .events = POLLIN};
      }
      if (way->start < way->end) {
        owners[number] = way;
        waits[number++] = (struct pollfd){.fd = way->to, .events = POLLOUT};
      }
    }
    if (poll(waits, number, -1) < 0 && errno != EINTR) fail("poll");
    for (nfds_t index = 0; index < number; index++) {
      if (!waits[index].revents) continue;
      if (waits[index].events == POLLIN) pull(owners[index]);
      else push(owners[index]);
    }
  }
  int status;
  if (waitpid(child, &status, 0) < 0) fail("waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
