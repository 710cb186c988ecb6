#define _GNU_SOURCE
#include "CSandbox.h"
#include "Layers.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool close_descriptors(void) { return syscall(SYS_close_range, 1u, ~0u, 0u) == 0; }

// How much address space the process has now; 0 where that cannot be read.
static size_t address_space(void) {
  char text[64] = {0};
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  return count > 0 ? (size_t)strtoull(text, NULL, 10) * (size_t)sysconf(_SC_PAGESIZE) : 0;
}

static bool limit(int what, rlim_t most) {
  struct rlimit limit = {most, most};
  return setrlimit(what, &limit) == 0;
}

static bool set_limits(size_t used, size_t memory) {
  bool all = used > 0 && limit(RLIMIT_AS, used + memory);
  all &= limit(RLIMIT_NOFILE, 1);
  all &= limit(RLIMIT_NPROC, 0);
  all &= limit(RLIMIT_CORE, 0);
  all &= limit(RLIMIT_FSIZE, 0);
  return all;
}

uint32_t moongate_sandbox_enter(size_t memory) {
  uint32_t layers = 0;
  // While files can still be opened.
  size_t used = address_space();
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) layers |= MOONGATE_LAYER_PRIVILEGES;
  // Other processes of the same user are not to read or trace this one.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (enter_landlock()) layers |= MOONGATE_LAYER_LANDLOCK;
  if (set_limits(used, memory)) layers |= MOONGATE_LAYER_LIMITS;
  if (close_descriptors()) layers |= MOONGATE_LAYER_DESCRIPTORS;
  if (enter_seccomp()) layers |= MOONGATE_LAYER_SYSTEM_CALLS;
  return layers;
}
