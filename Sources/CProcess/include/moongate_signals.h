#ifndef MOONGATE_SIGNALS_H
#define MOONGATE_SIGNALS_H

/// From now on each of `signals[0..<count]` writes its number as one byte into `descriptor` in place of its default
/// action, and SIGPIPE is ignored. The descriptor stays the caller's, is to be the writing end of a pipe that is never
/// closed, and is made non-blocking: a signal that finds the pipe full is dropped, as the same signal is pending in it.
///
/// Returns 0 or an errno value. Call it once, before any other thread.
int moongate_signals_to_descriptor(const int *signals, int count, int descriptor);

#endif
