#include "Guard.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct moongate_script {
  struct image image;
};

// The world that every script begins with. All images have their state at one address.
static struct image beginning;
static lua_State *state;

int moongate_guard_open(moongate_host host) {
  host_entry = host;
  return arena_open();
}

size_t moongate_guard_room(void) {
  int64_t payable = guard.left > 0 ? guard.left : 0;
  size_t room = arena_room();
  return payable < (int64_t)(room >> 3) ? (size_t)payable << 3 : room;
}

size_t moongate_guard_reserved(void) { return arena_reserved(); }

// Everything that can raise runs under lua_pcall, so nothing leads here.
static int on_panic(lua_State *L) {
  (void)L;
  _exit(70);
}

static int open_world(lua_State *L) {
  open_basics(L);
  open_strings(L);
  open_tables(L);
  open_numbers(L);
  open_answers(L);
  open_call(L);
  open_modules(L);
  open_hosts(L);
  lua_gc(L, LUA_GCCOLLECT);
  return 0;
}

bool moongate_guard_seal(void) {
  guard.L = NULL;
  guard.stop = STOP_NOT;
  guard.left = guard.until_clock = guard.deadline = INT64_MAX;
  arena_reset((int64_t)1 << 20);
  state = lua_newstate(arena_allocate, &guard);
  if (!state) return false;
  lua_atpanic(state, on_panic);
  lua_pushcfunction(state, open_world);
  if (lua_pcall(state, 0, 0, 0) != LUA_OK) return false;
  lua_settop(state, 0);
  return arena_save(&beginning);
}

static void put_world(const struct image *image, const moongate_limits *limits) {
  encode_forget();
  arena_restore(image);
  arena_set_cap(limits->memory);
  guard.L = state;
  guard_begin(limits);
}

static const char *const stops[] = {
  [STOP_NOT] = "",
  [STOP_DENIED] = "denied before it was asked",
  [STOP_INSTRUCTIONS] = "took more instructions than its limit",
  [STOP_MEMORY] = "took more memory than its limit",
  [STOP_TIME] = "took more time than its limit",
  [STOP_DEPTH] = "called deeper than its limit",
};

// Runs `body` in the world that was put; false where it failed, and then `answer` says how.
static bool run(lua_CFunction body, void *argument, moongate_answer *answer) {
  lua_State *L = state;
  lua_pushcfunction(L, guard_handler);
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, argument);
  int status = lua_pcall(L, 1, 0, 1);
  lua_sethook(L, NULL, 0, 0);
  if (status == LUA_ERRMEM) guard_set_stop(STOP_MEMORY);
  bool denied = guard.stop == STOP_DENIED && guard.question;
  if (guard.stop && !denied && guard.stop != STOP_MISUSED) {
    guard_set_reason(stops[guard.stop], strlen(stops[guard.stop]));
  } else if (status == LUA_ERRERR && guard.reason_count == 0) {
    guard_set_reason("an error while handling an error", 32);
  }
  bool failed = !denied && (guard.stop || status != LUA_OK);
  *answer = (moongate_answer){
    .verdict = failed ? MOONGATE_FAULT : guard.verdict,
    .has_reason = guard.has_reason,
    .reason = {(const uint8_t *)guard.reason, guard.has_reason ? guard.reason_count : 0},
    .traceback = {(const uint8_t *)guard.traceback, failed ? guard.traceback_count : 0},
    .retry_after = guard.retry_after,
    .arguments = {encoded_bytes(), failed ? 0 : guard.arguments_count},
    .log = {guard.log, guard.log_count},
  };
  return !failed;
}

static int load_script(lua_State *L) {
  const struct loading *loading = lua_touserdata(L, 1);
  load_modules(L, loading);
  push_compiled(L, loading->source);
  lua_call(L, 0, 0);
  run_modules(L, loading);
  if (lua_getglobal(L, "check") != LUA_TFUNCTION) {
    return luaL_error(L, "there is no function 'check'");
  }
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_CHECK);
  return 0;
}

moongate_script *moongate_guard_load(
  const moongate_source *source, const moongate_source *modules, size_t module_count, const moongate_limits *limits,
  moongate_answer *answer
) {
  struct loading loading = {source, modules, module_count};
  guard.question = NULL;
  put_world(&beginning, limits);
  if (!run(load_script, &loading, answer)) return NULL;
  lua_settop(state, 0);
  lua_gc(state, LUA_GCCOLLECT);
  moongate_script *script = malloc(sizeof *script);
  if (script && arena_save(&script->image)) return script;
  free(script);
  static const char reason[] = "there is no memory left for scripts";
  answer->verdict = MOONGATE_FAULT;
  answer->reason = (moongate_text){(const uint8_t *)reason, sizeof reason - 1};
  return NULL;
}

void moongate_guard_unload(moongate_script *script) {
  free(script->image.bytes);
  free(script);
}

static int judge(lua_State *L) {
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_CHECK);
  push_call(L);
  push_json(L, guard.question->parameters.bytes, guard.question->parameters.count);
  lua_call(L, 2, 2);
  read_answer(L, 1);
  return 0;
}

void moongate_guard_check(
  const moongate_script *script, const moongate_question *question, const moongate_limits *limits,
  moongate_answer *answer
) {
  guard.question = question;
  put_world(&script->image, limits);
  run(judge, NULL, answer);
  guard.question = NULL;
  arena_trim(&script->image);
}

static char names[8192];
static size_t names_count;

static void add_name(const char *module, const char *name) {
  size_t left = sizeof names - names_count;
  const char *parts[] = {module, *module ? "." : "", name, "\n"};
  size_t count = 0;
  for (int index = 0; index < 4; index++) count += strlen(parts[index]);
  if (count > left) return;
  for (int index = 0; index < 4; index++) {
    memcpy(names + names_count, parts[index], strlen(parts[index]));
    names_count += strlen(parts[index]);
  }
}

static int list_names(lua_State *L) {
  lua_pushglobaltable(L);
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    const char *name = lua_tostring(L, -2);
    if (lua_istable(L, -1)) {
      lua_pushnil(L);
      while (lua_next(L, -2)) {
        lua_pop(L, 1);
        add_name(name, lua_tostring(L, -1));
      }
    } else {
      add_name("", name);
    }
    lua_pop(L, 1);
  }
  return 0;
}

moongate_text moongate_guard_names(void) {
  names_count = 0;
  arena_restore(&beginning);
  guard.stop = STOP_NOT;
  guard.left = guard.until_clock = guard.deadline = INT64_MAX;
  arena_set_cap((int64_t)1 << 20);
  lua_pushcfunction(state, list_names);
  lua_pcall(state, 0, 0, 0);
  return (moongate_text){(const uint8_t *)names, names_count};
}
