#ifndef MOONGATE_CLUAGUARD_H
#define MOONGATE_CLUAGUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One Lua world at a time, in a process of its own: not for several threads.
//
// All Lua memory lies in one arena. A script's world, as it stands once its top level has run, is kept as an image of
// the arena; every call begins by putting the image back. So a call sees nothing of any other: not its globals, not
// its changes to library tables, not even its addresses; and making a world costs a copy of some 40 KiB.
//
// Nothing here raises into the caller: every lua_* call that may raise happens under lua_pcall inside.

/// Bytes that somebody else owns.
typedef struct {
  const uint8_t *bytes;
  size_t count;
} moongate_text;

/// What one run may cost.
typedef struct {
  /// Lua instructions; library functions are charged for the bytes they touch.
  int64_t instructions;
  /// Bytes of Lua memory.
  int64_t memory;
  /// Nanoseconds of wall-clock time.
  int64_t time;
  /// How deep calls may nest.
  int32_t depth;
  /// Bytes of JSON that may be handed back.
  int64_t answer;
} moongate_limits;

/// A call to judge. Where a text is JSON, it has been read strictly before; an empty one stands for an absent value.
typedef struct {
  moongate_text tool;
  moongate_text session;
  /// Seconds since 1970.
  double started;
  double time;
  /// JSON.
  moongate_text arguments, parameters, definition, client, server, principal, meta;
  /// Names and counts, one after the other: u32 length, the name, u64 count; all little-endian.
  moongate_text calls;
} moongate_question;

/// What became of a run.
typedef enum {
  MOONGATE_PASSED = 0,
  MOONGATE_REFUSED = 1,
  MOONGATE_ASKED = 2,
  MOONGATE_FAULT = 3,
  MOONGATE_REPLACED = 4,
} moongate_verdict;

/// What a run said. The texts are the guard's own, until the next run.
typedef struct {
  moongate_verdict verdict;
  /// Whether `reason` was given.
  bool has_reason;
  /// The reason as the script gave it, at most 4 KiB; for a fault its summary.
  moongate_text reason;
  /// For a fault: where it happened.
  moongate_text traceback;
  /// Whole seconds, or -1.
  int64_t retry_after;
  /// Where the arguments were replaced: the new ones, a JSON object.
  moongate_text arguments;
  /// Lines that it logged: u32 length (little-endian) and text, one after the other.
  moongate_text log;
} moongate_answer;

/// A value on its way to a host function or back.
typedef struct {
  enum moongate_kind {
    MOONGATE_NIL = 0,
    MOONGATE_FALSE = 1,
    MOONGATE_TRUE = 2,
    MOONGATE_INTEGER = 3,
    MOONGATE_FLOAT = 4,
    /// `text` holds it.
    MOONGATE_STRING = 5,
    /// A table, `null` or an exact number: `text` holds its JSON.
    MOONGATE_JSON = 6,
    /// Something that has no JSON: a function, say.
    MOONGATE_OTHER = 7,
  } kind;
  int64_t integer;
  double real;
  moongate_text text;
} moongate_value;

/// What a host function hands back: up to seventeen values (a match has so many), or an error that the guard raises
/// once it has returned. `exceeded` says that it gave up, because what it made outgrew moongate_guard_room: then the
/// run is over.
typedef struct {
  int32_t count;
  bool failed, exceeded;
  moongate_value values[17];
} moongate_outcome;

/// The host functions: `function` is the number it was added with. Never raises; whatever the outcome's texts point at
/// must stay until the next call of it.
typedef void (*moongate_host)(
  int32_t function, const moongate_value *arguments, int32_t count, moongate_outcome *outcome);

/// Reserves memory for worlds and sets the host functions' entry. Returns 0 or an errno value. Once a process.
int moongate_guard_open(moongate_host host);

/// How many bytes a host function that is running may hand back: more than that, the script could not pay for.
size_t moongate_guard_room(void);

/// How much address space the guard has reserved, in bytes.
size_t moongate_guard_reserved(void);

/// Makes host function number `function` known as the global `name`, or as `name` in the global table `module`
/// where that is not NULL. `price` is what each eight bytes of the strings it is given cost, in instructions. Before
/// moongate_guard_seal. The texts must stay.
int moongate_guard_add(const char *module, const char *name, int32_t function, int32_t price);

/// Makes the world that every script begins with. Returns whether it could.
bool moongate_guard_seal(void);

/// A script, compiled, its top level run.
typedef struct moongate_script moongate_script;

/// A text to compile. Whoever makes it owns what it points at; the guard needs it no longer than a call.
typedef struct {
  /// What `require` calls it; not looked at for the script itself.
  moongate_text name;
  /// What messages call it.
  moongate_text file;
  moongate_text text;
  /// The line of its file on which the text begins.
  int32_t first_line;
} moongate_source;

/// Compiles a script with the modules that it may require, runs its top level, and then that of each module which
/// nothing has required so far. NULL where that fails; `answer->reason` then says why, with file and line.
moongate_script *moongate_guard_load(
  const moongate_source *source, const moongate_source *modules, size_t module_count, const moongate_limits *limits,
  moongate_answer *answer);

/// Forgets a script.
void moongate_guard_unload(moongate_script *script);

/// Judges a call in a fresh world.
void moongate_guard_check(
  const moongate_script *script, const moongate_question *question, const moongate_limits *limits,
  moongate_answer *answer);

/// The names a script sees, one a line and sorted by nothing in particular: `string.rep`, `deny`. For tests.
moongate_text moongate_guard_names(void);

#endif
