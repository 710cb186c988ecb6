#ifndef MOONGATE_CSANDBOXPROBE_H
#define MOONGATE_CSANDBOXPROBE_H

#include <stdbool.h>

// What can still be done from inside the worker's sandbox: tried out, by a child of the test.

/// How much of the sandbox the child enters before its attempt.
enum moongate_probe_cage {
  /// Nothing: the attempt succeeds, or it shows nothing.
  MOONGATE_PROBE_OUTSIDE,
  /// Landlock alone.
  MOONGATE_PROBE_LANDLOCK,
  /// All of it, with 32 MiB of memory.
  MOONGATE_PROBE_ALL,
};

/// Has a child enter the cage and attempt something. Returns 0 where it succeeded, the errno value where it was
/// refused, less than zero where the child was killed (minus the signal's number), and 1000 where no attempt has that
/// name.
int moongate_probe(enum moongate_probe_cage cage, const char *attempt);

#endif
