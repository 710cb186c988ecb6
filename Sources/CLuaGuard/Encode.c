#include "Guard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Lua values become JSON. The text grows outside of Lua's memory, in one buffer that is used again and again, and may
// be as long as a run's memory may be large.

enum { DEEPEST = 64 };

static uint8_t *output;
static size_t used, room;

static void reserve(lua_State *L, size_t count) {
  if (used + count <= room) return;
  size_t most = arena_cap(), wanted = (used + count) * 2;
  if (used + count > most) guard_stopped(L, STOP_MEMORY);
  if (wanted > most) wanted = most;
  uint8_t *larger = realloc(output, wanted);
  if (!larger) guard_stopped(L, STOP_MEMORY);
  output = larger;
  room = wanted;
}

static void put(lua_State *L, const char *text, size_t count) {
  guard_charge_bytes(L, count);
  reserve(L, count);
  memcpy(output + used, text, count);
  used += count;
}

static void put_byte(lua_State *L, char byte) { put(L, &byte, 1); }

// How many bytes the character at `at` has; 0 where it is none that UTF-8 has.
static int character(const uint8_t *at, const uint8_t *end) {
  int length;
  unsigned least, scalar;
  if (*at < 0x80) return 1;
  if (*at < 0xC2) return 0;
  if (*at < 0xE0) (length = 2, least = 0x80, scalar = *at & 0x1F);
  else if (*at < 0xF0) (length = 3, least = 0x800, scalar = *at & 0x0F);
  else if (*at < 0xF5) (length = 4, least = 0x10000, scalar = *at & 0x07);
  else return 0;
  if (end - at < length) return 0;
  for (int index = 1; index < length; index++) {
    if ((at[index] & 0xC0) != 0x80) return 0;
    scalar = scalar << 6 | (at[index] & 0x3F);
  }
  return scalar < least || scalar > 0x10FFFF || (scalar >= 0xD800 && scalar < 0xE000) ? 0 : length;
}

static void put_string(lua_State *L, const char *text, size_t count) {
  const uint8_t *at = (const uint8_t *)text, *end = at + count;
  size_t escapes = 0;
  for (const uint8_t *byte = at; byte < end; byte++) {
    if (*byte == '"' || *byte == '\\') escapes += 1;
    else if (*byte < 0x20 || *byte == 0x7F) escapes += 5;
  }
  guard_charge_bytes(L, count + escapes);
  // And the zero byte that snprintf ends with.
  reserve(L, count + escapes + 3);
  uint8_t *out = output + used;
  *out++ = '"';
  while (at < end) {
    int length = character(at, end);
    if (length == 0) luaL_error(L, "a string that is not UTF-8 cannot be JSON");
    if (*at == '"' || *at == '\\') {
      *out++ = '\\';
      *out++ = *at++;
    } else if (*at < 0x20 || *at == 0x7F) {
      out += snprintf((char *)out, 7, "\\u%04x", *at++);
    } else {
      while (length-- > 0) *out++ = *at++;
    }
  }
  *out++ = '"';
  used = (size_t)(out - output);
}

static void put_value(lua_State *L, int index, int depth);

static void put_array(lua_State *L, int index, lua_Integer count, int depth) {
  put_byte(L, '[');
  for (lua_Integer position = 1; position <= count; position++) {
    if (position > 1) put_byte(L, ',');
    lua_rawgeti(L, index, position);
    put_value(L, lua_gettop(L), depth);
    lua_pop(L, 1);
  }
  put_byte(L, ']');
}

// The member's name is on top of its value.
static void put_member(lua_State *L, bool first, int depth) {
  if (!first) put_byte(L, ',');
  if (lua_type(L, -1) != LUA_TSTRING) {
    luaL_error(L, "a table with a key that is a %s cannot be JSON", luaL_typename(L, -1));
  }
  size_t count;
  const char *name = lua_tolstring(L, -1, &count);
  if (lua_type(L, -2) == LUA_TNUMBER && !isfinite(lua_tonumber(L, -2))) {
    luaL_error(L, "%s: a number that is not finite cannot be JSON", name);
  }
  put_string(L, name, count);
  put_byte(L, ':');
  put_value(L, lua_gettop(L) - 1, depth);
}

static void put_object(lua_State *L, int index, int depth) {
  put_byte(L, '{');
  if (push_keys_in_order(L, index)) {
    int keys = lua_gettop(L);
    for (lua_Integer position = 1; lua_rawgeti(L, keys, position) != LUA_TNIL; position++) {
      lua_pushvalue(L, -1);
      lua_rawget(L, index);
      lua_insert(L, -2);
      put_member(L, position == 1, depth);
      lua_pop(L, 2);
    }
    lua_pop(L, 2);
  } else {
    bool first = true;
    lua_pushnil(L);
    while (lua_next(L, index)) {
      lua_insert(L, -2);
      // The name stays below its value for lua_next; a copy goes on top.
      lua_pushvalue(L, -1);
      lua_insert(L, -3);
      put_member(L, first, depth);
      lua_pop(L, 2);
      first = false;
    }
  }
  put_byte(L, '}');
}

static void put_table(lua_State *L, int index, int depth) {
  if (depth >= DEEPEST) luaL_error(L, "a table nested too deep, or within itself, cannot be JSON");
  luaL_checkstack(L, 16, "a table nested too deep");
  if (is_call(L, index)) complete_call(L, index);
  lua_Integer count = (lua_Integer)lua_rawlen(L, index);
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_KINDS);
  lua_pushvalue(L, index);
  int kind = lua_rawget(L, -2);
  lua_pop(L, 2);
  if (kind == LUA_TBOOLEAN || (kind == LUA_TNIL && count > 0)) {
    lua_Integer keys = 0;
    lua_pushnil(L);
    while (lua_next(L, index)) {
      guard_charge(L, 1);
      lua_pop(L, 1);
      keys++;
    }
    if (keys != count) luaL_error(L, "a table with holes, or with both elements and members, cannot be JSON");
    put_array(L, index, count, depth + 1);
  } else {
    put_object(L, index, depth + 1);
  }
}

static void put_value(lua_State *L, int index, int depth) {
  char text[40];
  size_t count;
  const char *digits;
  switch (lua_type(L, index)) {
    case LUA_TBOOLEAN:
      digits = lua_toboolean(L, index) ? "true" : "false";
      put(L, digits, strlen(digits));
      return;
    case LUA_TNUMBER:
      if (lua_isinteger(L, index)) {
        count = (size_t)snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, index));
      } else {
        if (!isfinite(lua_tonumber(L, index))) luaL_error(L, "a number that is not finite cannot be JSON");
        count = spell_float(lua_tonumber(L, index), text);
      }
      put(L, text, count);
      return;
    case LUA_TSTRING:
      digits = lua_tolstring(L, index, &count);
      put_string(L, digits, count);
      return;
    case LUA_TTABLE: put_table(L, index, depth); return;
    default: break;
  }
  digits = exact_number(L, index, &count);
  if (digits) {
    put(L, digits, count);
  } else if (is_null(L, index)) {
    put(L, "null", 4);
  } else {
    luaL_error(L, "a %s cannot be JSON", luaL_typename(L, index));
  }
}

size_t encode_json(lua_State *L, int index, size_t offset) {
  used = offset;
  put_value(L, lua_absindex(L, index), 0);
  return used;
}

const uint8_t *encoded_bytes(void) { return output; }

void encode_forget(void) {
  if (room <= ((size_t)256 << 10)) return;
  free(output);
  output = NULL;
  room = 0;
}
