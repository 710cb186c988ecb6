// RE2 behind a C interface, for one kind of use: compile once, match often, from any thread.
//
// Ownership: `cre2_compile` gives a pattern to its caller, who frees it once with `cre2_free`. No other function keeps
// a pointer that it was given.
// Threads: a compiled pattern may be used from several threads at once (re2.h: "RE2 objects are thread-safe").
// Exceptions: none leaves these functions. RE2 reports its errors as codes; the one exception that it can meet is
// std::bad_alloc, which ends the process, as running out of memory does in Swift.
// Output: none. RE2's logging to stderr is off.

#ifndef CRE2_H
#define CRE2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define CRE2_NOEXCEPT noexcept
extern "C" {
#else
#define CRE2_NOEXCEPT
#endif

typedef struct cre2_pattern cre2_pattern;

/// Compiles a pattern in RE2's syntax, UTF-8, that may use about `memory` bytes for its program and its caches.
///
/// Returns NULL where the pattern is none, or needs more memory; `message` then holds why, ended by a zero byte and cut
/// to `capacity` bytes with it.
cre2_pattern *_Nullable cre2_compile(const char *_Nonnull pattern, size_t length, int64_t memory,
                                     char *_Nonnull message, size_t capacity) CRE2_NOEXCEPT;

/// Frees a pattern.
void cre2_free(cre2_pattern *_Nonnull pattern) CRE2_NOEXCEPT;

/// How many groups the pattern captures, not counting the whole match.
size_t cre2_groups(const cre2_pattern *_Nonnull pattern) CRE2_NOEXCEPT;

/// Looks for the first match at or after `from`, which is at most `length`; what stands before `from` counts as context
/// for `^` and `\b`. In time linear in `length`.
///
/// Where there is one, fills `spans` with `count` pairs of offsets into `text`: the whole match, then the groups;
/// -1 and -1 for a group that took no part. `count` may be 0 (faster) and is at most one more than `cre2_groups`.
bool cre2_match(const cre2_pattern *_Nonnull pattern, const char *_Nullable text, size_t length, size_t from,
                ptrdiff_t *_Nullable spans, size_t count) CRE2_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
