#include "Guard.h"

#include <stdlib.h>
#include <string.h>

// The table `call`. What few scripts look at is made when it is first asked for.

enum field {
  FIELD_ANNOTATIONS,
  FIELD_SCHEMA,
  FIELD_SESSION,
  FIELD_CLIENT,
  FIELD_PRINCIPAL,
  FIELD_SERVER,
  FIELD_META,
  FIELDS
};

static const char *const lazy[FIELDS] = {"annotations", "schema", "session", "client", "principal", "server", "meta"};

// The JSON of `text`; an empty object where it is absent.
static void push_object_or_empty(lua_State *L, moongate_text text) {
  if (text.count > 0) {
    push_json(L, text.bytes, text.count);
  } else {
    lua_newtable(L);
    mark_object(L, -1);
  }
}

static void push_definition_part(lua_State *L, const char *name) {
  if (guard.question->definition.count == 0) {
    lua_pushnil(L);
    return;
  }
  push_json(L, guard.question->definition.bytes, guard.question->definition.count);
  if (lua_istable(L, -1)) {
    lua_pushstring(L, name);
    lua_rawget(L, -2);
  } else {
    lua_pushnil(L);
  }
  lua_remove(L, -2);
}

struct tally {
  const uint8_t *name;
  uint32_t length;
  uint64_t count;
};

static int by_name(const void *left, const void *right) {
  const struct tally *one = left, *other = right;
  uint32_t shorter = one->length < other->length ? one->length : other->length;
  int order = memcmp(one->name, other->name, shorter);
  return order ? order : (one->length > other->length) - (one->length < other->length);
}

// The session's calls of each tool, by name.
static void push_calls(lua_State *L) {
  const uint8_t *at = guard.question->calls.bytes, *end = at + guard.question->calls.count;
  size_t room = guard.question->calls.count / 12 + 1, count = 0;
  struct tally *tallies = lua_newuserdatauv(L, room * sizeof *tallies, 0);
  while (end - at >= 12) {
    struct tally *tally = &tallies[count++];
    memcpy(&tally->length, at, 4);
    if (tally->length > (size_t)(end - at) - 12) luaL_error(L, "malformed session");
    tally->name = at + 4;
    memcpy(&tally->count, at + 4 + tally->length, 8);
    at += 12 + tally->length;
  }
  guard_charge(L, (int64_t)count * 8);
  qsort(tallies, count, sizeof *tallies, by_name);
  lua_createtable(L, 0, (int)count);
  lua_createtable(L, (int)count, 0);
  for (size_t index = 0; index < count; index++) {
    lua_pushlstring(L, (const char *)tallies[index].name, tallies[index].length);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, (lua_Integer)index + 1);
    lua_pushinteger(L, (lua_Integer)tallies[index].count);
    lua_rawset(L, -4);
  }
  set_order(L, -2, -1);
  lua_pop(L, 1);
  lua_remove(L, -2);
}

static void push_names(lua_State *L, const char *const names[], int count) {
  lua_createtable(L, count, 0);
  for (int index = 0; index < count; index++) {
    lua_pushstring(L, names[index]);
    lua_rawseti(L, -2, index + 1);
  }
}

static void push_session(lua_State *L) {
  lua_createtable(L, 0, 3);
  static const char *const order[] = {"id", "started", "calls"};
  push_names(L, order, 3);
  set_order(L, -2, -1);
  lua_pop(L, 1);
  lua_pushlstring(L, (const char *)guard.question->session.bytes, guard.question->session.count);
  lua_setfield(L, -2, "id");
  lua_pushnumber(L, guard.question->started);
  lua_setfield(L, -2, "started");
  push_calls(L);
  lua_setfield(L, -2, "calls");
}

static void push_field(lua_State *L, enum field field) {
  guard.made |= 1u << field;
  switch (field) {
    case FIELD_ANNOTATIONS:
      push_definition_part(L, "annotations");
      if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        push_object_or_empty(L, (moongate_text){0});
      }
      return;
    case FIELD_SCHEMA: push_definition_part(L, "inputSchema"); return;
    case FIELD_SESSION: push_session(L); return;
    case FIELD_CLIENT: push_object_or_empty(L, guard.question->client); return;
    case FIELD_PRINCIPAL: push_object_or_empty(L, guard.question->principal); return;
    case FIELD_SERVER: push_object_or_empty(L, guard.question->server); return;
    default: push_object_or_empty(L, guard.question->meta); return;
  }
}

static int call_index(lua_State *L) {
  if (!is_call(L, 1) || lua_type(L, 2) != LUA_TSTRING || !guard.question) return 0;
  const char *name = lua_tostring(L, 2);
  for (int field = 0; field < FIELDS; field++) {
    if (strcmp(name, lazy[field]) || guard.made & 1u << field) continue;
    push_field(L, (enum field)field);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, 1);
    return 1;
  }
  return 0;
}

bool is_call(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index)) return false;
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_CALL);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  return same;
}

// Makes what has not been asked for yet: somebody wants to see all of it, in order.
void complete_call(lua_State *L, int index) {
  index = lua_absindex(L, index);
  for (int field = 0; field < FIELDS; field++) {
    if (guard.made & 1u << field) continue;
    push_field(L, (enum field)field);
    lua_pushstring(L, lazy[field]);
    lua_insert(L, -2);
    lua_rawset(L, index);
  }
  static const char *const order[] = {
    "tool", "args", "annotations", "schema", "session", "client", "principal", "server", "meta", "time",
  };
  push_names(L, order, 10);
  set_order(L, index, -1);
  lua_pop(L, 1);
}

void push_call(lua_State *L) {
  const moongate_question *question = guard.question;
  lua_createtable(L, 0, 4);
  lua_pushlstring(L, (const char *)question->tool.bytes, question->tool.count);
  lua_setfield(L, -2, "tool");
  push_object_or_empty(L, question->arguments);
  lua_setfield(L, -2, "args");
  lua_pushnumber(L, question->time);
  lua_setfield(L, -2, "time");
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_CALL);
  lua_setmetatable(L, -2);
}

void open_call(lua_State *L) {
  lua_newtable(L);
  lua_pushcfunction(L, call_index);
  lua_setfield(L, -2, "__index");
  lua_pushliteral(L, "call");
  lua_setfield(L, -2, "__metatable");
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_CALL);
}
