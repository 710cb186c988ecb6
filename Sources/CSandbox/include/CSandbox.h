#ifndef MOONGATE_CSANDBOX_H
#define MOONGATE_CSANDBOX_H

#include <stddef.h>
#include <stdint.h>

// Gives up, for good, everything that judging a call does not need.

/// The layers that hold. What is missing from the result, this kernel lacks.
enum {
  /// No descriptor but 0.
  MOONGATE_LAYER_DESCRIPTORS = 1,
  /// Limits on address space, open files, processes, core dumps and file sizes.
  MOONGATE_LAYER_LIMITS = 2,
  /// No program started from here gains rights.
  MOONGATE_LAYER_PRIVILEGES = 4,
  /// Landlock: no file, no TCP port, no signal or abstract socket outside.
  MOONGATE_LAYER_LANDLOCK = 8,
  /// Seccomp: memory, time, one socket, and the end; whatever else is called ends the process.
  MOONGATE_LAYER_SYSTEM_CALLS = 16,
};

/// Shuts the calling process in; for a process with one thread. `memory` is how many bytes of address space it may
/// still add to those that it has. Returns the layers that hold.
uint32_t moongate_sandbox_enter(size_t memory);

/// Has the C library give large blocks back as soon as they are freed. Before the first of them.
void moongate_keep_little(void);

/// Gives back the memory that a process which waits does not need: code and constants, which come back as they are
/// used, and what has been freed. For a process with one thread.
void moongate_give_back(void);

#endif
