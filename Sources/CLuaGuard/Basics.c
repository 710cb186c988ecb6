#include "Guard.h"

#include <string.h>

// The basic functions. Those that need no watching are Lua's own; the others stand here.

const char *push_text(lua_State *L, int index, size_t *count) {
  index = lua_absindex(L, index);
  const char *text;
  if (is_null(L, index)) {
    text = lua_pushstring(L, "null");
  } else if (luaL_callmeta(L, index, "__tostring")) {
    if (!lua_isstring(L, -1)) luaL_error(L, "'__tostring' must return a string");
    text = lua_tostring(L, -1);
  } else {
    switch (lua_type(L, index)) {
      case LUA_TSTRING: case LUA_TNUMBER: case LUA_TBOOLEAN: case LUA_TNIL:
        text = luaL_tolstring(L, index, NULL);
        break;
      default:
        // No addresses: they would tell one process from another.
        text = lua_pushstring(L, luaL_typename(L, index));
    }
  }
  size_t length;
  text = lua_tolstring(L, -1, &length);
  guard_charge_bytes(L, length);
  if (count) *count = length;
  return text;
}

static int basic_tostring(lua_State *L) {
  luaL_checkany(L, 1);
  push_text(L, 1, NULL);
  return 1;
}

static int basic_type(lua_State *L) {
  luaL_checkany(L, 1);
  if (is_null(L, 1)) {
    lua_pushliteral(L, "null");
  } else if (exact_number(L, 1, NULL)) {
    lua_pushliteral(L, "number");
  } else {
    lua_pushstring(L, luaL_typename(L, 1));
  }
  return 1;
}

static int basic_next(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  if (is_call(L, 1)) complete_call(L, 1);
  lua_settop(L, 2);
  if (lua_next(L, 1)) return 2;
  lua_pushnil(L);
  return 1;
}

// Upvalues: the table, its keys in order, how many have been seen. A key that is gone by now is passed over.
static int next_in_order(lua_State *L) {
  lua_Integer seen = lua_tointeger(L, lua_upvalueindex(3));
  while (true) {
    guard_charge(L, 1);
    if (lua_rawgeti(L, lua_upvalueindex(2), ++seen) == LUA_TNIL) return 1;
    lua_pushvalue(L, -1);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL) break;
    lua_pop(L, 2);
  }
  lua_pushinteger(L, seen);
  lua_replace(L, lua_upvalueindex(3));
  return 2;
}

static int basic_pairs(lua_State *L) {
  luaL_checkany(L, 1);
  if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
    lua_pushvalue(L, 1);
    lua_call(L, 1, 3);
    return 3;
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  if (is_call(L, 1)) complete_call(L, 1);
  lua_settop(L, 1);
  lua_pushvalue(L, 1);
  if (push_keys_in_order(L, 1)) {
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_in_order, 3);
  } else {
    lua_settop(L, 1);
    lua_pushcfunction(L, basic_next);
  }
  lua_pushvalue(L, 1);
  lua_pushnil(L);
  return 3;
}

static int basic_setmetatable(lua_State *L) {
  if (lua_istable(L, 2)) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "'__gc' is not available");
    lua_pop(L, 1);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_SETMETATABLE);
  lua_insert(L, 1);
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static int basic_tonumber(lua_State *L) {
  size_t count;
  const char *digits = exact_number(L, 1, &count);
  if (digits && lua_isnoneornil(L, 2)) {
    lua_settop(L, 1);
    return 1;
  }
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 1);
  if (lua_type(L, 2) == LUA_TSTRING) guard_charge_bytes(L, lua_rawlen(L, 2));
  lua_call(L, lua_gettop(L) - 1, 1);
  return 1;
}

static void remove_all_but(lua_State *L, const char *const allowed[]) {
  lua_pushnil(L);
  while (lua_next(L, -2)) {
    lua_pop(L, 1);
    const char *name = lua_tostring(L, -1);
    bool keep = false;
    for (const char *const *each = allowed; *each && !keep; each++) keep = strcmp(*each, name) == 0;
    if (keep) continue;
    // An existing field may be cleared while its table is walked.
    lua_pushvalue(L, -1);
    lua_pushnil(L);
    lua_rawset(L, -4);
  }
}

void open_basics(lua_State *L) {
  luaL_requiref(L, "_G", luaopen_base, 0);
  lua_getfield(L, -1, "setmetatable");
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_SETMETATABLE);
  lua_getfield(L, -1, "tonumber");
  lua_pushcclosure(L, basic_tonumber, 1);
  lua_setfield(L, -2, "tonumber");
  const luaL_Reg own[] = {
    {"tostring", basic_tostring}, {"type", basic_type}, {"next", basic_next}, {"pairs", basic_pairs},
    {"setmetatable", basic_setmetatable}, {"pcall", guard_pcall}, {"xpcall", guard_xpcall}, {NULL, NULL},
  };
  luaL_setfuncs(L, own, 0);
  static const char *const allowed[] = {
    "assert", "error", "getmetatable", "ipairs", "next", "pairs", "pcall", "rawequal", "rawget", "rawlen", "rawset",
    "select", "setmetatable", "tonumber", "tostring", "type", "xpcall", NULL,
  };
  remove_all_but(L, allowed);

  // No random numbers, and nothing that only old scripts know.
  luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 1);
  static const char *const mathematics[] = {
    "abs", "acos", "asin", "atan", "ceil", "cos", "deg", "exp", "floor", "fmod", "huge", "log", "max", "maxinteger",
    "min", "mininteger", "modf", "pi", "rad", "sin", "sqrt", "tan", "tointeger", "type", "ult", NULL,
  };
  remove_all_but(L, mathematics);
  lua_pop(L, 2);
}
