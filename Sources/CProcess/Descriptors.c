#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

int moongate_pipe(int out[2]) { return pipe2(out, O_CLOEXEC) == 0 ? 0 : errno; }

int moongate_socketpair(int type, int out[2]) {
  return socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, out) == 0 ? 0 : errno;
}

int moongate_set_nonblocking(int descriptor, bool nonblocking) {
  int flags = fcntl(descriptor, F_GETFL);
  if (flags < 0) return errno;
  int wanted = nonblocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  return wanted == flags || fcntl(descriptor, F_SETFL, wanted) == 0 ? 0 : errno;
}
