#include "Guard.h"

#include <string.h>

// Functions that the host program adds. A call crosses into it with plain values and comes back before anything raises:
// no frame of it is ever jumped over.

enum { MOST_FUNCTIONS = 64, MOST_ARGUMENTS = 8 };

moongate_host host_entry;

static struct {
  const char *module, *name;
  int32_t function, price;
} added[MOST_FUNCTIONS];
static int added_count;

int moongate_guard_add(const char *module, const char *name, int32_t function, int32_t price) {
  if (added_count == MOST_FUNCTIONS) return -1;
  added[added_count].module = module;
  added[added_count].name = name;
  added[added_count].price = price;
  added[added_count++].function = function;
  return 0;
}

// Returns where the JSON of the arguments ends; the texts of tables hold offsets until all are encoded.
static size_t read_argument(lua_State *L, int index, moongate_value *value, size_t end, int32_t price) {
  size_t count;
  *value = (moongate_value){.kind = MOONGATE_OTHER};
  switch (lua_type(L, index)) {
    case LUA_TNIL: value->kind = MOONGATE_NIL; return end;
    case LUA_TBOOLEAN: value->kind = lua_toboolean(L, index) ? MOONGATE_TRUE : MOONGATE_FALSE; return end;
    case LUA_TNUMBER:
      if (lua_isinteger(L, index)) {
        value->kind = MOONGATE_INTEGER;
        value->integer = lua_tointeger(L, index);
      } else {
        value->kind = MOONGATE_FLOAT;
        value->real = lua_tonumber(L, index);
      }
      return end;
    case LUA_TSTRING:
      value->kind = MOONGATE_STRING;
      value->text.bytes = (const uint8_t *)lua_tolstring(L, index, &count);
      value->text.count = count;
      guard_charge(L, 1 + (int64_t)(count >> 3) * price);
      return end;
    case LUA_TTABLE: break;
    default:
      if (!is_null(L, index) && !exact_number(L, index, NULL)) return end;
  }
  size_t past = encode_json(L, index, end);
  value->kind = MOONGATE_JSON;
  value->text.count = past - end;
  return past;
}

static void push_result(lua_State *L, const moongate_value *value) {
  guard_charge_bytes(L, value->text.count);
  switch (value->kind) {
    case MOONGATE_FALSE: case MOONGATE_TRUE: lua_pushboolean(L, value->kind == MOONGATE_TRUE); return;
    case MOONGATE_INTEGER: lua_pushinteger(L, value->integer); return;
    case MOONGATE_FLOAT: lua_pushnumber(L, value->real); return;
    case MOONGATE_STRING: lua_pushlstring(L, (const char *)value->text.bytes, value->text.count); return;
    case MOONGATE_JSON: push_json(L, value->text.bytes, value->text.count); return;
    default: lua_pushnil(L); return;
  }
}

// Upvalues: the function's number, and what a string's bytes cost.
static int call_host(lua_State *L) {
  moongate_value arguments[MOST_ARGUMENTS];
  int count = lua_gettop(L);
  if (count > MOST_ARGUMENTS) count = MOST_ARGUMENTS;
  guard_charge(L, 50);
  int32_t price = (int32_t)lua_tointeger(L, lua_upvalueindex(2));
  size_t end = 0;
  for (int index = 0; index < count; index++) end = read_argument(L, index + 1, &arguments[index], end, price);
  size_t offset = 0;
  for (int index = 0; index < count; index++) {
    if (arguments[index].kind != MOONGATE_JSON) continue;
    arguments[index].text.bytes = encoded_bytes() + offset;
    offset += arguments[index].text.count;
  }
  moongate_outcome outcome = {0};
  host_entry((int32_t)lua_tointeger(L, lua_upvalueindex(1)), arguments, count, &outcome);
  if (outcome.exceeded) return guard_stopped(L, STOP_MEMORY);
  for (int index = 0; index < outcome.count; index++) push_result(L, &outcome.values[index]);
  if (!outcome.failed) return outcome.count;
  luaL_where(L, 1);
  lua_insert(L, -2);
  lua_concat(L, 2);
  return lua_error(L);
}

void open_hosts(lua_State *L) {
  for (int index = 0; index < added_count; index++) {
    lua_pushinteger(L, added[index].function);
    lua_pushinteger(L, added[index].price);
    lua_pushcclosure(L, call_host, 2);
    if (!added[index].module) {
      lua_setglobal(L, added[index].name);
      continue;
    }
    if (lua_getglobal(L, added[index].module) != LUA_TTABLE) {
      lua_pop(L, 1);
      lua_newtable(L);
      lua_pushvalue(L, -1);
      lua_setglobal(L, added[index].module);
    }
    lua_insert(L, -2);
    lua_setfield(L, -2, added[index].name);
    lua_pop(L, 1);
  }
}
