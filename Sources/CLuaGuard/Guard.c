#include "Guard.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct guard guard;

// Instructions between two looks at the budget, and units of work between two looks at the clock.
enum { STEP = 1000, CLOCK_STEP = 4000 };

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void tick(lua_State *L, lua_Debug *event);

void guard_begin(const moongate_limits *limits) {
  guard.stop = STOP_NOT;
  guard.left = limits->instructions;
  guard.until_clock = CLOCK_STEP;
  guard.deadline = now() + limits->time;
  guard.depth = limits->depth;
  guard.answer = limits->answer;
  guard.made = 0;
  guard.verdict = MOONGATE_PASSED;
  guard.has_reason = false;
  guard.retry_after = -1;
  guard.reason_count = guard.traceback_count = guard.log_count = guard.arguments_count = 0;
  int step = limits->instructions < STEP ? (int)(limits->instructions > 0 ? limits->instructions : 1) : STEP;
  // A stack that never grew cannot hold so many calls; see arena_allocate.
  int mask = limits->depth < 12 ? LUA_MASKCOUNT | LUA_MASKCALL : LUA_MASKCOUNT;
  lua_sethook(guard.L, tick, mask, step);
}

// Safe wherever memory is allocated: it only sets fields of the state.
void guard_watch_depth(void) {
  if (guard.L && lua_gethook(guard.L) && !(lua_gethookmask(guard.L) & LUA_MASKCALL)) {
    lua_sethook(guard.L, tick, LUA_MASKCOUNT | LUA_MASKCALL, lua_gethookcount(guard.L));
  }
}

// Has the hook come at the next instruction. As safe.
void guard_hurry(void) {
  if (guard.L && lua_gethook(guard.L)) lua_sethook(guard.L, tick, lua_gethookmask(guard.L), 1);
}

bool guard_is_late(void) {
  if (now() <= guard.deadline) return false;
  guard_set_stop(STOP_TIME);
  return true;
}

void guard_set_stop(guard_stop why) {
  if (guard.stop) return;
  guard.stop = why;
  if (guard.L && (why != STOP_DENIED || !guard.question)) guard_trace(guard.L, 0);
}

void guard_set_reason(const char *text, size_t count) {
  if (count > REASON_CAPACITY) count = REASON_CAPACITY;
  memcpy(guard.reason, text, count);
  guard.reason_count = count;
  guard.has_reason = true;
}

// Where the run is, written without a byte of Lua memory.
void guard_trace(lua_State *L, int level) {
  size_t count = 0;
  lua_Debug frame;
  for (int shown = 0; lua_getstack(L, level, &frame); level++, shown++) {
    if (shown == 24) {
      int rest = 0;
      while (lua_getstack(L, level + rest, &frame)) rest++;
      count += (size_t)snprintf(guard.traceback + count, TRACEBACK_CAPACITY - count, "… %d more\n", rest);
      break;
    }
    lua_getinfo(L, "Sln", &frame);
    if (frame.what[0] == 'C' && !frame.name) continue;
    char place[LUA_IDSIZE + 16] = "[C]";
    if (frame.currentline > 0) snprintf(place, sizeof place, "%s:%d", frame.short_src, frame.currentline);
    int written;
    if (frame.name) {
      written = snprintf(
        guard.traceback + count, TRACEBACK_CAPACITY - count, "%s: in %s '%.80s'\n", place,
        frame.namewhat[0] ? frame.namewhat : "function", frame.name);
    } else {
      written = snprintf(
        guard.traceback + count, TRACEBACK_CAPACITY - count, "%s: in %s\n", place,
        frame.what[0] == 'm' ? "the top level" : "a function");
    }
    if (written < 0 || count + (size_t)written >= TRACEBACK_CAPACITY) break;
    count += (size_t)written;
  }
  guard.traceback_count = count < TRACEBACK_CAPACITY ? count : TRACEBACK_CAPACITY - 1;
}

// Ends the run: whoever catches the error sees `guard.stop` and passes it on. From now on every instruction is a step,
// so that nothing that runs while the stack unwinds gets far.
int guard_raise(lua_State *L) {
  lua_sethook(L, tick, LUA_MASKCOUNT, 1);
  lua_pushlightuserdata(L, &guard);
  return lua_error(L);
}

int guard_stopped(lua_State *L, guard_stop why) {
  guard_set_stop(why);
  return guard_raise(L);
}

void guard_charge_slowly(lua_State *L) {
  if (guard.stop) guard_raise(L);
  if (guard.left < 0) guard_stopped(L, STOP_INSTRUCTIONS);
  guard.until_clock = CLOCK_STEP;
  if (guard_is_late()) guard_raise(L);
}

static void tick(lua_State *L, lua_Debug *event) {
  if (guard.stop) guard_raise(L);
  if (event->event == LUA_HOOKCOUNT) {
    guard_charge(L, lua_gethookcount(L));
  } else {
    // Levels count from zero, and `judge` itself stands at the bottom.
    lua_Debug frame;
    if (lua_getstack(L, guard.depth + 1, &frame)) guard_stopped(L, STOP_DEPTH);
  }
}

// The handler of the outermost call, and of modules: keeps what is known about an error before the stack unwinds.
int guard_handler(lua_State *L) {
  // A module's error comes by twice; the first time it is nearer to its place.
  if (guard.stop || guard.traceback_count > 0) return 1;
  if (lua_type(L, 1) == LUA_TSTRING || lua_type(L, 1) == LUA_TNUMBER) {
    size_t count;
    const char *text = lua_tolstring(L, 1, &count);
    guard_set_reason(text, count);
  } else {
    char text[64];
    int count = snprintf(text, sizeof text, "the error is a %s", luaL_typename(L, 1));
    guard_set_reason(text, (size_t)count);
  }
  guard_trace(L, 1);
  return 1;
}

static int finish_pcall(lua_State *L, int status, int base) {
  if (status == LUA_ERRMEM) guard_set_stop(STOP_MEMORY);
  if (guard.stop) return guard_raise(L);
  if (status != LUA_OK) guard.traceback_count = 0;
  lua_pushboolean(L, status == LUA_OK);
  lua_replace(L, base);
  return lua_gettop(L) - base + 1;
}

int guard_pcall(lua_State *L) {
  luaL_checkany(L, 1);
  // A place for the truth value, below the function.
  lua_pushnil(L);
  lua_insert(L, 1);
  return finish_pcall(L, lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0), 1);
}

// A message handler never sees the end of the run: it would run where no hook fires. Its own errors end here; Lua would
// hand them to it again and again.
static int screened_handler(lua_State *L) {
  if (guard.stop) return 1;
  lua_settop(L, 1);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  int status = lua_pcall(L, 1, 1, 0);
  if (status == LUA_ERRMEM) guard_set_stop(STOP_MEMORY);
  return 1;
}

int guard_xpcall(lua_State *L) {
  luaL_checktype(L, 2, LUA_TFUNCTION);
  // f, handler, … becomes handler, truth value, f, …
  lua_pushvalue(L, 2);
  lua_pushcclosure(L, screened_handler, 1);
  lua_replace(L, 2);
  lua_pushvalue(L, 1);
  lua_insert(L, 3);
  lua_pushvalue(L, 2);
  lua_replace(L, 1);
  return finish_pcall(L, lua_pcall(L, lua_gettop(L) - 3, LUA_MULTRET, 1), 2);
}
