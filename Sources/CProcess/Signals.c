#define _GNU_SOURCE
#include "moongate_signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static int target = -1;

// Async-signal-safe: write(2) only, errno kept.
static void report(int number) {
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  ssize_t written = write(target, &byte, 1);
  (void)written;
  errno = saved;
}

int moongate_signals_to_descriptor(const int *signals, int count, int descriptor) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0) return errno;
  target = descriptor;
  struct sigaction action = {0};
  sigemptyset(&action.sa_mask);
  action.sa_handler = report;
  action.sa_flags = SA_RESTART;
  for (int index = 0; index < count; index++)
    if (sigaction(signals[index], &action, NULL) < 0) return errno;
  action.sa_handler = SIG_IGN;
  return sigaction(SIGPIPE, &action, NULL) < 0 ? errno : 0;
}
