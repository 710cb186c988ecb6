#include "Guard.h"

#include <string.h>

// `string` and `utf8`: Lua's own functions, each behind a charge for the bytes it works on.

// Upvalue: Lua's own function. All that it does is linear in the strings it is given.
static int charged(lua_State *L) {
  size_t bytes = 0;
  int count = lua_gettop(L);
  for (int index = 1; index <= count; index++) {
    if (lua_type(L, index) == LUA_TSTRING) bytes += lua_rawlen(L, index);
  }
  guard_charge_bytes(L, bytes);
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// Where the bytes from `index` on begin, and where those up to `index` end, as `sub` and `byte` take positions.
static size_t start_of(lua_Integer index, size_t length) {
  if (index > 0) return (size_t)index;
  return index == 0 || index < -(lua_Integer)length ? 1 : length + (size_t)index + 1;
}

static size_t end_of(lua_Integer index, size_t length) {
  if (index >= 0) return (size_t)index < length ? (size_t)index : length;
  return index < -(lua_Integer)length ? 0 : length + (size_t)index + 1;
}

static lua_Integer position(lua_State *L, int index, lua_Integer otherwise) {
  return lua_isnoneornil(L, index) ? otherwise : lua_tointeger(L, index);
}

// Pays for the bytes that are asked for, however long the string. What is no position, Lua's own function objects to.
static int charged_between(lua_State *L, lua_Integer first, lua_Integer last) {
  size_t length = lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0;
  size_t start = start_of(first, length), end = end_of(last, length);
  guard_charge_bytes(L, start <= end ? end - start + 1 : 0);
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int string_sub(lua_State *L) { return charged_between(L, position(L, 2, 1), position(L, 3, -1)); }

static int string_byte(lua_State *L) {
  lua_Integer first = position(L, 2, 1);
  return charged_between(L, first, position(L, 3, first));
}

static int string_rep(lua_State *L) {
  size_t length, gap;
  luaL_checklstring(L, 1, &length);
  lua_Integer times = luaL_checkinteger(L, 2);
  luaL_optlstring(L, 3, "", &gap);
  // Nothing, very many times: Lua's own would count them all.
  if (length + gap == 0 || times <= 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  // No world is larger than 1 GiB.
  if ((size_t)times > ((size_t)1 << 30) / (length + gap)) return guard_stopped(L, STOP_MEMORY);
  guard_charge_bytes(L, (size_t)times * (length + gap) + (size_t)times);
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// What comes before a conversion's letter: flags, width and precision, which Lua's own checks.
static const char *past_flags(const char *form, const char *end) {
  while (form < end && strchr("-+ #0123456789.", *form) && *form) form++;
  return form;
}

static int string_format(lua_State *L) {
  size_t length;
  const char *form = luaL_checklstring(L, 1, &length);
  const char *end = form + length;
  size_t bytes = length;
  int argument = 1, top = lua_gettop(L);
  for (; form < end; form++) {
    if (*form != '%') continue;
    if (++form < end && *form == '%') continue;
    form = past_flags(form, end);
    if (form >= end) break;
    argument++;
    if (*form == 'p') return luaL_error(L, "invalid conversion '%%p' to 'format'");
    if (argument > top) continue;
    if (*form == 's') {
      push_text(L, argument, NULL);
      lua_replace(L, argument);
    }
    bytes += lua_type(L, argument) == LUA_TSTRING ? lua_rawlen(L, argument) : 100;
  }
  guard_charge_bytes(L, bytes);
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

// Upvalue: Lua's own iterator, which steps over any number of continuation bytes at once.
static int next_code(lua_State *L) {
  size_t length;
  const char *text = luaL_checklstring(L, 1, &length);
  lua_Integer at = lua_tointeger(L, 2);
  size_t end = at < 1 ? 0 : (size_t)at;
  while (end < length && (text[end] & 0xC0) == 0x80) {
    guard_charge(L, 1);
    end++;
  }
  guard_charge(L, 1);
  return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int utf8_codes(lua_State *L) {
  int count = charged(L);
  lua_pushvalue(L, -count);
  lua_pushcclosure(L, next_code, 1);
  lua_replace(L, -count - 1);
  return count;
}

static void wrap(lua_State *L, const char *name, lua_CFunction wrapper) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, wrapper, 1);
  lua_setfield(L, -2, name);
}

static void remove_field(lua_State *L, const char *name) {
  lua_pushnil(L);
  lua_setfield(L, -2, name);
}

void open_strings(lua_State *L) {
  luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
  remove_field(L, "dump");
  static const char *const linear[] = {
    "char", "lower", "pack", "packsize", "reverse", "unpack", "upper",
  };
  for (size_t index = 0; index < sizeof linear / sizeof *linear; index++) wrap(L, linear[index], charged);
  wrap(L, "sub", string_sub);
  wrap(L, "byte", string_byte);
  wrap(L, "rep", string_rep);
  wrap(L, "format", string_format);
  lua_getfield(L, -1, "format");
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_FORMAT);
  lua_pop(L, 1);
  open_patterns(L);

  luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 1);
  static const char *const unicode[] = {"char", "codepoint", "len", "offset"};
  for (size_t index = 0; index < sizeof unicode / sizeof *unicode; index++) wrap(L, unicode[index], charged);
  wrap(L, "codes", utf8_codes);
  lua_pop(L, 1);
}
