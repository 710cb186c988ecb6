#include "Guard.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// What a script says, and what it says it with: `deny`, `ask`, `replace`, `redact`, `log`, `null` and `json`.

static bool is_reason(lua_State *L, int index) {
  return lua_isnoneornil(L, index) || is_null(L, index) || lua_isstring(L, index);
}

static void set_reason_from(lua_State *L, int index) {
  guard.has_reason = false;
  if (lua_isnoneornil(L, index) || is_null(L, index)) return;
  if (!is_reason(L, index)) {
    luaL_error(L, "a reason is a string, not a %s", luaL_typename(L, index));
  }
  size_t count;
  const char *text = lua_tolstring(L, index, &count);
  guard_set_reason(text, count);
}

// A refusal with a mistake in it refuses all the same: as a fault, and no pcall catches that either.
static int deny_wrongly(lua_State *L, const char *rule, int index) {
  char text[128];
  const char *kind = is_null(L, index) ? "null" : luaL_typename(L, index);
  guard_set_reason(text, (size_t)snprintf(text, sizeof text, "deny: %s, not a %.40s", rule, kind));
  return guard_stopped(L, STOP_MISUSED);
}

static int answer_deny(lua_State *L) {
  if (guard.stop) return guard_raise(L);
  lua_settop(L, 2);
  int64_t retry_after = -1;
  if (!lua_isnil(L, 2)) {
    if (!lua_istable(L, 2)) return deny_wrongly(L, "options is a table", 2);
    lua_pushliteral(L, "retry_after");
    if (lua_rawget(L, 2) != LUA_TNIL) {
      double seconds = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
      if (!(seconds >= 0 && seconds <= 1e9)) {
        return deny_wrongly(L, "retry_after is a number of seconds, from 0 to 1e9", -1);
      }
      retry_after = (int64_t)ceil(seconds);
    }
  }
  if (!is_reason(L, 1)) return deny_wrongly(L, "a reason is a string", 1);
  set_reason_from(L, 1);
  guard.verdict = MOONGATE_REFUSED;
  guard.retry_after = retry_after;
  return guard_stopped(L, STOP_DENIED);
}

// What is to be returned from `check`: a value around the first argument, told by its metatable.
static int push_answer(lua_State *L, int slot) {
  lua_settop(L, 1);
  lua_newuserdatauv(L, 0, 1);
  lua_insert(L, 1);
  lua_setiuservalue(L, 1, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, slot);
  lua_setmetatable(L, 1);
  return 1;
}

static bool is_answer(lua_State *L, int index, int slot) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, slot);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same;
}

static int answer_ask(lua_State *L) {
  if (!lua_isnoneornil(L, 1)) luaL_checkstring(L, 1);
  return push_answer(L, SLOT_ASK);
}

static int answer_replace(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  if (is_call(L, 1)) return luaL_argerror(L, 1, "the arguments are call.args, not the call");
  return push_answer(L, SLOT_REPLACE);
}

static int answer_redact(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  return push_answer(L, SLOT_REDACT);
}

// The table on top becomes the JSON of the arguments. Only now: the script may have gone on writing to it.
static void read_arguments(lua_State *L) {
  size_t count = encode_json(L, -1, 0);
  if (encoded_bytes()[0] != '{') luaL_error(L, "check returned replace(…) of an array; arguments are an object");
  if (count > (uint64_t)guard.answer) {
    luaL_error(L, "check returned replace(…) of %I bytes; here it may have %I", (lua_Integer)count,
      (lua_Integer)guard.answer);
  }
  guard.arguments_count = count;
  guard.verdict = MOONGATE_REPLACED;
}

// The two values from `index` on are what the script returned.
void read_answer(lua_State *L, int index) {
  if (is_answer(L, index, SLOT_REPLACE)) {
    lua_getiuservalue(L, index, 1);
    read_arguments(L);
  } else if (is_answer(L, index, SLOT_REDACT)) {
    luaL_error(L, "check returned redact(…), which is for an answer; to change a call, return replace(call.args)");
  } else if (is_answer(L, index, SLOT_ASK)) {
    lua_getiuservalue(L, index, 1);
    set_reason_from(L, -1);
    guard.verdict = MOONGATE_ASKED;
  } else if (lua_type(L, index) == LUA_TBOOLEAN && !lua_toboolean(L, index)) {
    set_reason_from(L, index + 1);
    guard.verdict = MOONGATE_REFUSED;
  } else if (lua_isnil(L, index) || lua_type(L, index) == LUA_TBOOLEAN) {
    guard.verdict = MOONGATE_PASSED;
  } else {
    luaL_error(L, "check returned a %s", is_null(L, index) ? "null" : luaL_typename(L, index));
  }
}

static int answer_log(lua_State *L) {
  if (lua_gettop(L) > 1) {
    luaL_checkstring(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_FORMAT);
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
  } else {
    luaL_checkany(L, 1);
    push_text(L, 1, NULL);
  }
  size_t count;
  const char *text = lua_tolstring(L, -1, &count);
  if (count > LOG_LINE) count = LOG_LINE;
  uint32_t length = (uint32_t)count;
  guard_charge_bytes(L, count + 100);
  if (guard.log_count + count + sizeof length > LOG_CAPACITY) return 0;
  memcpy(guard.log + guard.log_count, &length, sizeof length);
  memcpy(guard.log + guard.log_count + sizeof length, text, count);
  guard.log_count += sizeof length + count;
  return 0;
}

static int json_encode(lua_State *L) {
  luaL_checkany(L, 1);
  size_t count = encode_json(L, 1, 0);
  lua_pushlstring(L, (const char *)encoded_bytes(), count);
  return 1;
}

static int json_decode(lua_State *L) {
  moongate_value text = {.kind = MOONGATE_STRING};
  luaL_checktype(L, 1, LUA_TSTRING);
  text.text.bytes = (const uint8_t *)lua_tolstring(L, 1, &text.text.count);
  guard_charge_bytes(L, text.text.count * 4);
  moongate_outcome outcome = {0};
  host_entry(HOST_READ, &text, 1, &outcome);
  if (outcome.failed && outcome.count == 1) {
    lua_pushnil(L);
    lua_pushlstring(L, (const char *)outcome.values[0].text.bytes, outcome.values[0].text.count);
    return 2;
  }
  push_json(L, text.text.bytes, text.text.count);
  return 1;
}

static int marked(lua_State *L, void (*mark)(lua_State *, int)) {
  if (lua_isnone(L, 1)) lua_newtable(L);
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  mark(L, 1);
  return 1;
}

static int json_array(lua_State *L) { return marked(L, mark_array); }
static int json_object(lua_State *L) { return marked(L, mark_object); }

static void open_answer(lua_State *L, const char *name, lua_CFunction function, int slot) {
  lua_newtable(L);
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_rawseti(L, LUA_REGISTRYINDEX, slot);
  lua_pushcfunction(L, function);
  lua_setglobal(L, name);
}

void open_answers(lua_State *L) {
  open_answer(L, "ask", answer_ask, SLOT_ASK);
  open_answer(L, "replace", answer_replace, SLOT_REPLACE);
  open_answer(L, "redact", answer_redact, SLOT_REDACT);

  lua_newtable(L);
  lua_newtable(L);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_KINDS);

  push_null(L);
  lua_setglobal(L, "null");
  lua_pushcfunction(L, answer_deny);
  lua_setglobal(L, "deny");
  lua_pushcfunction(L, answer_log);
  lua_setglobal(L, "log");
  const luaL_Reg json[] = {
    {"encode", json_encode}, {"decode", json_decode}, {"array", json_array}, {"object", json_object}, {NULL, NULL},
  };
  luaL_newlib(L, json);
  lua_setglobal(L, "json");
}
