#ifndef MOONGATE_CPROCESS_H
#define MOONGATE_CPROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "moongate_signals.h"

// Processes and descriptors, where Swift's Glibc module does not show what Linux has.
// Every function that returns int returns 0 or an errno value, unless it says otherwise. None raises a signal.

/// A pipe whose ends are close-on-exec: `out[0]` reads, `out[1]` writes.
int moongate_pipe(int out[2]);

/// A pair of connected Unix sockets, both close-on-exec. `type` is SOCK_STREAM, SOCK_SEQPACKET or SOCK_DGRAM.
int moongate_socketpair(int type, int out[2]);

/// Makes a descriptor non-blocking (or blocking). Not for inherited 0, 1, 2: whoever shares them is changed, too.
int moongate_set_nonblocking(int descriptor, bool nonblocking);

/// Puts the child into a process group of its own, whose number is its pid.
#define MOONGATE_SPAWN_OWN_GROUP 1
/// Kills the child (SIGKILL) when the *thread* that called moongate_spawn ends: call it on a thread that lives as
/// long as the child is to.
#define MOONGATE_SPAWN_DIES_WITH_PARENT 2

/// Starts a program.
///
/// `path` is searched for in this process's PATH where it has no slash. `argv` and `envp` end with NULL.
/// `descriptors[0..<count]` become the child's 0, 1, 2, …; -1 stands for /dev/null; all others are closed.
/// In the child every signal has its default action and none is blocked.
///
/// Safe beside other threads: the child shares this process's memory until it runs the program, makes system calls
/// only, and runs no handler; the calling thread stands still meanwhile.
///
/// Returns 0 and the child's `pid`, or the errno of whatever failed, the program's own start included (ENOENT: no such
/// program); then there is no child left to wait for.
int moongate_spawn(
  const char *path, char *const argv[], char *const envp[], const int *descriptors, int count, int flags, pid_t *pid);

/// How a child ended.
typedef struct {
  /// Whether it has ended at all.
  bool ended;
  /// Its exit status, or 128 + the signal that ended it, as a shell has it.
  int status;
  /// The signal that ended it, or 0.
  int signal;
} moongate_ending;

/// Collects a child that has ended; waits for its end if `block`. ECHILD where there is no such child.
int moongate_wait(pid_t pid, bool block, moongate_ending *ending);

/// A close-on-exec descriptor that becomes readable when the process ends, or -1 with `errno` set.
int moongate_open_process(pid_t pid);

#endif
