#ifndef MOONGATE_GUARD_H
#define MOONGATE_GUARD_H

#include "CLuaGuard.h"

#include <lua5.4/lauxlib.h>
#include <lua5.4/lua.h>
#include <lua5.4/lualib.h>

// Why a run is over for good. Whatever it is, no script catches it.
typedef enum {
  STOP_NOT = 0,
  STOP_DENIED,
  STOP_INSTRUCTIONS,
  STOP_MEMORY,
  STOP_TIME,
  STOP_DEPTH,
  // `deny` was given what it cannot use. What that was stands in `guard.reason`.
  STOP_MISUSED,
} guard_stop;

enum {
  REASON_CAPACITY = 4096,
  TRACEBACK_CAPACITY = 8192,
  LOG_CAPACITY = 32768,
  LOG_LINE = 1024,
};

// The state of the one run that is going on.
struct guard {
  lua_State *L;
  guard_stop stop;
  int64_t left;
  int64_t until_clock;
  int64_t deadline;
  int64_t answer;
  int32_t depth;
  uint32_t made;
  const moongate_question *question;
  moongate_verdict verdict;
  bool has_reason;
  int64_t retry_after;
  size_t reason_count, traceback_count, log_count;
  // Of the JSON in the encoder's buffer.
  size_t arguments_count;
  char reason[REASON_CAPACITY], traceback[TRACEBACK_CAPACITY];
  uint8_t log[LOG_CAPACITY];
};

extern struct guard guard;

// Places in the registry.
enum {
  SLOT_KINDS = LUA_RIDX_LAST + 1,  // what tables made from JSON are: `true` for an array, for an object its names
  SLOT_CHECK,                      // the script's function
  SLOT_NUMBER,                     // metatable of exact numbers
  SLOT_CALL,                       // metatable of `call`
  SLOT_ASK,                        // metatables of what `ask`, `replace` and `redact` return
  SLOT_REPLACE,
  SLOT_REDACT,
  SLOT_SETMETATABLE,
  SLOT_FORMAT,
  SLOT_LOADERS,  // what modules are compiled to, by name
  SLOT_MODULES,  // what modules are, by name
  SLOT_LOADING,  // the names of those that are being loaded, in order
};

// Arena.c
int arena_open(void);
size_t arena_reserved(void);
void arena_reset(int64_t cap);
void arena_set_cap(int64_t cap);
void *arena_allocate(void *unused, void *block, size_t old_size, size_t new_size);
struct image {
  uint8_t *bytes;
  size_t count;
};
bool arena_save(struct image *image);
void arena_restore(const struct image *image);
void arena_trim(const struct image *image);
size_t arena_cap(void);
size_t arena_room(void);

// Guard.c
void guard_begin(const moongate_limits *limits);
void guard_watch_depth(void);
void guard_hurry(void);
bool guard_is_late(void);
void guard_set_stop(guard_stop why);
void guard_set_reason(const char *text, size_t count);
void guard_trace(lua_State *L, int level);
int guard_raise(lua_State *L);
int guard_stopped(lua_State *L, guard_stop why);
void guard_charge_slowly(lua_State *L);
int guard_handler(lua_State *L);
int guard_pcall(lua_State *L);
int guard_xpcall(lua_State *L);

// Pays for work; ends the run where the budget or the time is used up.
static inline void guard_charge(lua_State *L, int64_t units) {
  guard.left -= units;
  guard.until_clock -= units;
  if (guard.left < 0 || guard.until_clock < 0) guard_charge_slowly(L);
}

// Pays for touching bytes.
static inline void guard_charge_bytes(lua_State *L, size_t count) { guard_charge(L, 1 + (int64_t)(count >> 3)); }

// Libraries: each leaves the stack as it was and changes the globals.
void open_basics(lua_State *L);
void open_strings(lua_State *L);
void open_patterns(lua_State *L);
void open_tables(lua_State *L);
void open_numbers(lua_State *L);
void open_answers(lua_State *L);
void open_hosts(lua_State *L);
void open_call(lua_State *L);
void open_modules(lua_State *L);

// Modules.c
struct loading {
  const moongate_source *source, *modules;
  size_t module_count;
};
void load_modules(lua_State *L, const struct loading *loading);
void run_modules(lua_State *L, const struct loading *loading);
void push_compiled(lua_State *L, const moongate_source *source);

// Basics.c: what `tostring` gives, pushed; a charge for its length is taken.
const char *push_text(lua_State *L, int index, size_t *count);

// Values.c
void push_null(lua_State *L);
bool is_null(lua_State *L, int index);
void push_json(lua_State *L, const uint8_t *text, size_t count);
void mark_array(lua_State *L, int index);
void mark_object(lua_State *L, int index);
bool push_keys_in_order(lua_State *L, int index);

void set_order(lua_State *L, int table, int names);

// Encode.c: appends to a buffer from `offset` on, and returns where the text ends in it.
size_t encode_json(lua_State *L, int index, size_t offset);
// The buffer. Another encode_json may move it.
const uint8_t *encoded_bytes(void);
// Gives a large buffer back.
void encode_forget(void);

// Numbers.c
void push_number(lua_State *L, const uint8_t *literal, size_t count);
size_t spell_float(double value, char out[40]);
const char *exact_number(lua_State *L, int index, size_t *count);

// Host.c
extern moongate_host host_entry;
enum { HOST_COMPARE = -1, HOST_READ = -2 };

// Call.c
void push_call(lua_State *L);
bool is_call(lua_State *L, int index);
void complete_call(lua_State *L, int index);

// Answers.c
void read_answer(lua_State *L, int index);

#endif
