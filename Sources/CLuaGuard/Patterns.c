#include "Match.h"

#include <ctype.h>
#include <string.h>

// `string.find`, `match`, `gmatch` and `gsub`.

// Capture number `index`; the whole match for the first where the pattern has none.
static void push_capture(struct match *match, int index, const char *start, const char *end) {
  if (index >= match->captures) {
    if (index != 0) luaL_error(match->L, "invalid capture index %%%d", index + 1);
    guard_charge_bytes(match->L, (size_t)(end - start));
    lua_pushlstring(match->L, start, (size_t)(end - start));
    return;
  }
  ptrdiff_t length = match->capture[index].length;
  if (length == OPEN) luaL_error(match->L, "unfinished capture");
  if (length == POSITION) {
    lua_pushinteger(match->L, match->capture[index].start - match->start + 1);
  } else {
    guard_charge_bytes(match->L, (size_t)length);
    lua_pushlstring(match->L, match->capture[index].start, (size_t)length);
  }
}

// All captures; the whole match where there are none and `start` is given.
static int push_captures(struct match *match, const char *start, const char *end) {
  int count = match->captures == 0 && start ? 1 : match->captures;
  luaL_checkstack(match->L, count, "too many captures");
  for (int index = 0; index < count; index++) push_capture(match, index, start, end);
  return count;
}

static const char *find_plain(lua_State *L, const char *text, size_t length, const char *wanted, size_t count) {
  // What memmem costs at worst.
  guard_charge_bytes(L, length + count);
  if (count == 0) return text;
  for (const char *end = text + length; (size_t)(end - text) >= count; text++) {
    const char *next = memchr(text, *wanted, (size_t)(end - text) - count + 1);
    if (!next) return NULL;
    text = next;
    guard_charge_bytes(L, count);
    if (memcmp(text, wanted, count) == 0) return text;
  }
  return NULL;
}

static bool is_plain(const char *pattern, size_t count) {
  for (size_t index = 0; index < count; index++) {
    if (pattern[index] && strchr("^$*+?.([%-", pattern[index])) return false;
  }
  return true;
}

// Where `find`, `match` and `gmatch` begin, counted from one; past the end of the text where they never do.
static lua_Integer beginning(lua_State *L, size_t length) {
  lua_Integer from = luaL_optinteger(L, 3, 1);
  // Not the other way round: the least integer has no opposite.
  if (from < -(lua_Integer)length || from == 0) return 1;
  if (from < 0) return (lua_Integer)length + from + 1;
  return from > (lua_Integer)length + 1 ? (lua_Integer)length + 2 : from;
}

static int find_or_match(lua_State *L, bool find) {
  size_t length, pattern_length;
  const char *text = luaL_checklstring(L, 1, &length), *pattern = luaL_checklstring(L, 2, &pattern_length);
  lua_Integer from = beginning(L, length);
  if (from > (lua_Integer)length + 1) {
    lua_pushnil(L);
    return 1;
  }
  const char *subject = text + from - 1;
  if (find && (lua_toboolean(L, 4) || is_plain(pattern, pattern_length))) {
    const char *found = find_plain(L, subject, length - (size_t)(subject - text), pattern, pattern_length);
    if (!found) {
      lua_pushnil(L);
      return 1;
    }
    lua_pushinteger(L, found - text + 1);
    lua_pushinteger(L, found - text + (lua_Integer)pattern_length);
    return 2;
  }
  struct match match;
  match_begin(&match, L, text, length, pattern + pattern_length);
  bool anchored = pattern_length > 0 && *pattern == '^';
  if (anchored) pattern++;
  do {
    guard_charge(L, 1);
    const char *end = match_at(&match, subject, pattern);
    if (!end) continue;
    if (!find) return push_captures(&match, subject, end);
    lua_pushinteger(L, subject - text + 1);
    lua_pushinteger(L, end - text);
    return push_captures(&match, NULL, NULL) + 2;
  } while (subject++ < match.end && !anchored);
  lua_pushnil(L);
  return 1;
}

static int string_find(lua_State *L) { return find_or_match(L, true); }
static int string_match(lua_State *L) { return find_or_match(L, false); }

// Upvalues: text, pattern, where to go on, where the last match ended (or -1).
static int gmatch_next(lua_State *L) {
  size_t length, pattern_length;
  const char *text = lua_tolstring(L, lua_upvalueindex(1), &length);
  const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_length);
  struct match match;
  match_begin(&match, L, text, length, pattern + pattern_length);
  lua_Integer last = lua_tointeger(L, lua_upvalueindex(4));
  for (const char *subject = text + lua_tointeger(L, lua_upvalueindex(3)); subject <= match.end; subject++) {
    guard_charge(L, 1);
    const char *end = match_at(&match, subject, pattern);
    if (!end || end - text == last) continue;
    lua_pushinteger(L, end - text);
    lua_copy(L, -1, lua_upvalueindex(3));
    lua_replace(L, lua_upvalueindex(4));
    return push_captures(&match, subject, end);
  }
  lua_pushinteger(L, (lua_Integer)length + 1);
  lua_replace(L, lua_upvalueindex(3));
  return 0;
}

static int string_gmatch(lua_State *L) {
  size_t length;
  luaL_checklstring(L, 1, &length);
  luaL_checkstring(L, 2);
  lua_Integer from = beginning(L, length);
  lua_settop(L, 2);
  lua_pushinteger(L, from - 1);
  lua_pushinteger(L, -1);
  lua_pushcclosure(L, gmatch_next, 4);
  return 1;
}

// Adds the replacement text, with `%0` to `%9` filled in.
static void add_template(struct match *match, luaL_Buffer *buffer, const char *start, const char *end) {
  lua_State *L = match->L;
  size_t length;
  const char *text = lua_tolstring(L, 3, &length);
  guard_charge_bytes(L, length);
  for (size_t index = 0; index < length; index++) {
    if (text[index] != '%') {
      luaL_addchar(buffer, text[index]);
      continue;
    }
    index++;
    if (index < length && text[index] == '%') {
      luaL_addchar(buffer, '%');
    } else if (index < length && text[index] == '0') {
      guard_charge_bytes(L, (size_t)(end - start));
      luaL_addlstring(buffer, start, (size_t)(end - start));
    } else if (index < length && isdigit((unsigned char)text[index])) {
      push_capture(match, text[index] - '1', start, end);
      luaL_tolstring(L, -1, NULL);
      lua_remove(L, -2);
      luaL_addvalue(buffer);
    } else {
      luaL_error(L, "invalid use of '%%' in replacement string");
    }
  }
}

// Adds what stands for one match. Returns whether anything changed.
static bool add_replacement(struct match *match, luaL_Buffer *buffer, const char *start, const char *end, int kind) {
  lua_State *L = match->L;
  if (kind == LUA_TFUNCTION) {
    lua_pushvalue(L, 3);
    lua_call(L, push_captures(match, start, end), 1);
  } else if (kind == LUA_TTABLE) {
    push_capture(match, 0, start, end);
    lua_gettable(L, 3);
  } else {
    add_template(match, buffer, start, end);
    return true;
  }
  if (!lua_toboolean(L, -1)) {
    lua_pop(L, 1);
    luaL_addlstring(buffer, start, (size_t)(end - start));
    return false;
  }
  if (!lua_isstring(L, -1)) luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
  size_t count;
  lua_tolstring(L, -1, &count);
  guard_charge_bytes(L, count);
  luaL_addvalue(buffer);
  return true;
}

static int string_gsub(lua_State *L) {
  size_t length, pattern_length;
  const char *text = luaL_checklstring(L, 1, &length), *pattern = luaL_checklstring(L, 2, &pattern_length);
  int kind = lua_type(L, 3);
  luaL_argexpected(
    L, kind == LUA_TNUMBER || kind == LUA_TSTRING || kind == LUA_TFUNCTION || kind == LUA_TTABLE, 3,
    "string/function/table");
  lua_Integer most = luaL_optinteger(L, 4, (lua_Integer)length + 1), count = 0;
  struct match match;
  match_begin(&match, L, text, length, pattern + pattern_length);
  bool anchored = pattern_length > 0 && *pattern == '^', changed = false;
  if (anchored) pattern++;
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  const char *last = NULL;
  while (count < most) {
    guard_charge(L, 1);
    const char *end = match_at(&match, text, pattern);
    if (end && end != last) {
      count++;
      changed |= add_replacement(&match, &buffer, text, end, kind);
      text = last = end;
    } else if (text < match.end) {
      luaL_addchar(&buffer, *text++);
    } else {
      break;
    }
    if (anchored) break;
  }
  if (!changed) {
    lua_pushvalue(L, 1);
  } else {
    luaL_addlstring(&buffer, text, (size_t)(match.end - text));
    luaL_pushresult(&buffer);
  }
  lua_pushinteger(L, count);
  return 2;
}

void open_patterns(lua_State *L) {
  lua_getglobal(L, LUA_STRLIBNAME);
  const luaL_Reg functions[] = {
    {"find", string_find}, {"match", string_match}, {"gmatch", string_gmatch}, {"gsub", string_gsub}, {NULL, NULL},
  };
  luaL_setfuncs(L, functions, 0);
  lua_pop(L, 1);
}
