#include "Guard.h"

#include <limits.h>
#include <string.h>

// `table`, with a charge for each element: `#` and indexing may be a metatable's, and lie.

static lua_Integer length_of(lua_State *L, int index) {
  luaL_checkany(L, index);
  if (lua_type(L, index) != LUA_TTABLE && !luaL_getmetafield(L, index, "__index")) luaL_checktype(L, index, LUA_TTABLE);
  return luaL_len(L, index);
}

static int table_insert(lua_State *L) {
  int count = lua_gettop(L);
  lua_Integer end = (lua_Integer)((lua_Unsigned)length_of(L, 1) + 1);
  lua_settop(L, count);
  lua_Integer position = end;
  if (count == 3) {
    position = luaL_checkinteger(L, 2);
    luaL_argcheck(L, (lua_Unsigned)position - 1u < (lua_Unsigned)end, 2, "position out of bounds");
    for (lua_Integer index = end; index > position; index--) {
      guard_charge(L, 2);
      lua_geti(L, 1, index - 1);
      lua_seti(L, 1, index);
    }
  } else if (count != 2) {
    return luaL_error(L, "wrong number of arguments to 'insert'");
  }
  lua_seti(L, 1, position);
  return 0;
}

static int table_remove(lua_State *L) {
  lua_settop(L, lua_gettop(L) < 2 ? 1 : 2);
  bool given = lua_gettop(L) == 2;
  lua_Integer size = length_of(L, 1);
  lua_settop(L, given ? 2 : 1);
  lua_Integer position = luaL_optinteger(L, 2, size);
  if (position != size && (lua_Unsigned)position - 1u > (lua_Unsigned)size) {
    return luaL_argerror(L, 2, "position out of bounds");
  }
  lua_geti(L, 1, position);
  for (; position < size; position++) {
    guard_charge(L, 2);
    lua_geti(L, 1, position + 1);
    lua_seti(L, 1, position);
  }
  lua_pushnil(L);
  lua_seti(L, 1, position);
  return 1;
}

static int table_move(lua_State *L) {
  lua_Integer from = luaL_checkinteger(L, 2), end = luaL_checkinteger(L, 3), to = luaL_checkinteger(L, 4);
  int target = lua_isnoneornil(L, 5) ? 1 : 5;
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checktype(L, target, LUA_TTABLE);
  if (end >= from) {
    luaL_argcheck(L, from > 0 || end < LUA_MAXINTEGER + from, 3, "too many elements to move");
    lua_Integer count = end - from + 1;
    luaL_argcheck(L, to <= LUA_MAXINTEGER - count + 1, 4, "destination wrap around");
    bool forwards = to > end || to <= from || target != 1;
    for (lua_Integer step = 0; step < count; step++) {
      lua_Integer index = forwards ? step : count - 1 - step;
      guard_charge(L, 2);
      lua_geti(L, 1, from + index);
      lua_seti(L, target, to + index);
    }
  }
  lua_pushvalue(L, target);
  return 1;
}

static int table_concat(lua_State *L) {
  size_t gap_length, count;
  lua_Integer size = length_of(L, 1);
  const char *gap = luaL_optlstring(L, 2, "", &gap_length);
  lua_Integer first = luaL_optinteger(L, 3, 1), last = luaL_optinteger(L, 4, size);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  for (lua_Integer index = first; index <= last; index++) {
    guard_charge(L, 2);
    lua_geti(L, 1, index);
    if (!lua_isstring(L, -1)) {
      return luaL_error(
        L, "invalid value (at index %I) in table for 'concat'", (LUAI_UACINT)index);
    }
    lua_tolstring(L, -1, &count);
    guard_charge_bytes(L, count + gap_length);
    luaL_addvalue(&buffer);
    if (index == last) break;
    luaL_addlstring(&buffer, gap, gap_length);
  }
  luaL_pushresult(&buffer);
  return 1;
}

static int table_pack(lua_State *L) {
  int count = lua_gettop(L);
  guard_charge(L, count);
  lua_createtable(L, count, 1);
  lua_insert(L, 1);
  for (int index = count; index >= 1; index--) lua_seti(L, 1, index);
  lua_pushinteger(L, count);
  lua_setfield(L, 1, "n");
  return 1;
}

static int table_unpack(lua_State *L) {
  lua_Integer first = luaL_optinteger(L, 2, 1);
  lua_Integer last = lua_isnoneornil(L, 3) ? luaL_len(L, 1) : luaL_checkinteger(L, 3);
  if (first > last) return 0;
  lua_Unsigned count = (lua_Unsigned)last - (lua_Unsigned)first;
  if (count >= (lua_Unsigned)INT_MAX || !lua_checkstack(L, (int)++count)) {
    return luaL_error(L, "too many results to unpack");
  }
  for (lua_Integer index = first;; index++) {
    guard_charge(L, 1);
    lua_geti(L, 1, index);
    if (index == last) return (int)count;
  }
}

// Whether the element at `left` on the stack comes before the one at `right`.
static bool comes_before(lua_State *L, int left, int right) {
  guard_charge(L, 3);
  if (!lua_isnil(L, 2)) {
    left = lua_absindex(L, left);
    right = lua_absindex(L, right);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, left);
    lua_pushvalue(L, right);
    lua_call(L, 2, 1);
    bool answer = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return answer;
  }
  if (lua_type(L, left) == LUA_TSTRING && lua_type(L, right) == LUA_TSTRING) {
    size_t one = lua_rawlen(L, left), other = lua_rawlen(L, right);
    guard_charge_bytes(L, one < other ? one : other);
  }
  return lua_compare(L, left, right, LUA_OPLT);
}

// Lets the element at `root` sink to its place among those up to `end`. A heap's order is t[k] >= t[2k], t[2k+1].
static void sink(lua_State *L, lua_Integer root, lua_Integer end) {
  lua_geti(L, 1, root);
  while (root <= end / 2) {
    lua_Integer child = 2 * root;
    lua_geti(L, 1, child);
    if (child < end) {
      lua_geti(L, 1, child + 1);
      if (comes_before(L, -2, -1)) {
        child++;
        lua_remove(L, -2);
      } else {
        lua_pop(L, 1);
      }
    }
    if (!comes_before(L, -2, -1)) {
      lua_pop(L, 1);
      break;
    }
    lua_seti(L, 1, root);
    root = child;
  }
  lua_seti(L, 1, root);
}

// A heap sort: the number of comparisons is bounded whatever the comparator says.
static int table_sort(lua_State *L) {
  lua_Integer size = length_of(L, 1);
  luaL_argcheck(L, size < INT_MAX, 1, "array too big");
  if (!lua_isnoneornil(L, 2)) luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_settop(L, 2);
  for (lua_Integer root = size / 2; root >= 1; root--) sink(L, root, size);
  for (lua_Integer end = size; end > 1; end--) {
    lua_geti(L, 1, 1);
    lua_geti(L, 1, end);
    lua_seti(L, 1, 1);
    lua_seti(L, 1, end);
    sink(L, 1, end - 1);
  }
  return 0;
}

void open_tables(lua_State *L) {
  const luaL_Reg functions[] = {
    {"concat", table_concat}, {"insert", table_insert}, {"move", table_move}, {"pack", table_pack},
    {"remove", table_remove}, {"sort", table_sort}, {"unpack", table_unpack}, {NULL, NULL},
  };
  luaL_newlib(L, functions);
  lua_setglobal(L, LUA_TABLIBNAME);
}
