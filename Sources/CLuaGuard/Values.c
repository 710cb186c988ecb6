#include "Guard.h"

#include <string.h>

// JSON becomes Lua values. The text has been read strictly before; here it only must not lead out of its bounds.
// What a table was is kept beside it, in a table with weak keys: `true` for an array, its names in order for an object.

enum { DEEPEST = 512 };

struct reader {
  lua_State *L;
  const uint8_t *at, *end;
  int kinds, depth;
};

static void push_value(struct reader *reader);

void push_null(lua_State *L) { lua_pushlightuserdata(L, NULL); }

bool is_null(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TLIGHTUSERDATA && lua_touserdata(L, index) == NULL;
}

static int malformed(struct reader *reader) { return luaL_error(reader->L, "malformed JSON"); }

static void skip_space(struct reader *reader) {
  while (reader->at < reader->end && (*reader->at == ' ' || (*reader->at >= 9 && *reader->at <= 13))) reader->at++;
}

// Steps over the next byte that is no space if it is this one.
static bool skip(struct reader *reader, uint8_t byte) {
  skip_space(reader);
  if (reader->at >= reader->end || *reader->at != byte) return false;
  reader->at++;
  return true;
}

static unsigned hexadecimal(const uint8_t *digits) {
  unsigned value = 0;
  for (int index = 0; index < 4; index++) {
    uint8_t byte = digits[index];
    value = value << 4 | (byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10u);
  }
  return value & 0xFFFF;
}

static size_t put_character(char *out, unsigned scalar) {
  if (scalar < 0x80) {
    out[0] = (char)scalar;
    return 1;
  }
  if (scalar < 0x800) {
    out[0] = (char)(0xC0 | scalar >> 6);
    out[1] = (char)(0x80 | (scalar & 0x3F));
    return 2;
  }
  if (scalar < 0x10000) {
    out[0] = (char)(0xE0 | scalar >> 12);
    out[1] = (char)(0x80 | (scalar >> 6 & 0x3F));
    out[2] = (char)(0x80 | (scalar & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | scalar >> 18);
  out[1] = (char)(0x80 | (scalar >> 12 & 0x3F));
  out[2] = (char)(0x80 | (scalar >> 6 & 0x3F));
  out[3] = (char)(0x80 | (scalar & 0x3F));
  return 4;
}

// `at` is at a backslash. Writes what the escape means.
static size_t put_escape(struct reader *reader, char *out) {
  if (reader->end - reader->at < 2) return (size_t)malformed(reader);
  uint8_t letter = reader->at[1];
  reader->at += 2;
  switch (letter) {
    case 'b': *out = '\b'; return 1;
    case 'f': *out = '\f'; return 1;
    case 'n': *out = '\n'; return 1;
    case 'r': *out = '\r'; return 1;
    case 't': *out = '\t'; return 1;
    case 'u': break;
    default: *out = (char)letter; return 1;
  }
  if (reader->end - reader->at < 4) return (size_t)malformed(reader);
  unsigned scalar = hexadecimal(reader->at);
  reader->at += 4;
  if ((scalar & 0xFC00) == 0xD800 && reader->end - reader->at >= 6) {
    scalar = 0x10000 + ((scalar & 0x3FF) << 10) + (hexadecimal(reader->at + 2) & 0x3FF);
    reader->at += 6;
  }
  return put_character(out, scalar);
}

// `at` is past the opening quotation mark.
static void push_string(struct reader *reader) {
  const uint8_t *start = reader->at, *close = start;
  bool escaped = false;
  while (close < reader->end && *close != '"') {
    if (*close == '\\') {
      escaped = true;
      close++;
    }
    close++;
  }
  if (close >= reader->end) malformed(reader);
  size_t length = (size_t)(close - start);
  guard_charge_bytes(reader->L, length);
  if (!escaped) {
    lua_pushlstring(reader->L, (const char *)start, length);
  } else {
    // No escape means more bytes than it has.
    luaL_Buffer buffer;
    char *out = luaL_buffinitsize(reader->L, &buffer, length);
    size_t count = 0;
    while (reader->at < close) {
      if (*reader->at == '\\') {
        count += put_escape(reader, out + count);
      } else {
        out[count++] = (char)*reader->at++;
      }
    }
    luaL_pushresultsize(&buffer, count);
  }
  reader->at = close + 1;
}

// The table is on top.
static void set_kind_true(struct reader *reader) {
  lua_pushvalue(reader->L, -1);
  lua_pushboolean(reader->L, true);
  lua_rawset(reader->L, reader->kinds);
}

static void push_array(struct reader *reader) {
  lua_State *L = reader->L;
  lua_createtable(L, 4, 0);
  set_kind_true(reader);
  if (skip(reader, ']')) return;
  lua_Integer count = 0;
  do {
    push_value(reader);
    lua_rawseti(L, -2, ++count);
  } while (skip(reader, ','));
  if (!skip(reader, ']')) malformed(reader);
}

static void push_object(struct reader *reader) {
  lua_State *L = reader->L;
  lua_createtable(L, 0, 4);
  lua_createtable(L, 4, 0);
  lua_pushvalue(L, -2);
  lua_pushvalue(L, -2);
  lua_rawset(L, reader->kinds);
  if (!skip(reader, '}')) {
    lua_Integer count = 0;
    do {
      if (!skip(reader, '"')) malformed(reader);
      push_string(reader);
      lua_pushvalue(L, -1);
      lua_rawseti(L, -3, ++count);
      if (!skip(reader, ':')) malformed(reader);
      push_value(reader);
      lua_rawset(L, -4);
    } while (skip(reader, ','));
    if (!skip(reader, '}')) malformed(reader);
  }
  lua_pop(L, 1);
}

static void push_value(struct reader *reader) {
  lua_State *L = reader->L;
  guard_charge(L, 2);
  skip_space(reader);
  if (reader->at >= reader->end) malformed(reader);
  luaL_checkstack(L, 8, "JSON nested too deep");
  const uint8_t *start = reader->at++;
  switch (*start) {
    case '"': push_string(reader); return;
    case '{': case '[':
      if (++reader->depth > DEEPEST) luaL_error(L, "JSON nested too deep");
      if (*start == '{') push_object(reader); else push_array(reader);
      reader->depth--;
      return;
    case 't': lua_pushboolean(L, true); reader->at += 3; return;
    case 'f': lua_pushboolean(L, false); reader->at += 4; return;
    case 'n': push_null(L); reader->at += 3; return;
    default: break;
  }
  while (reader->at < reader->end && *reader->at && strchr("0123456789+-.eE", *reader->at)) reader->at++;
  push_number(L, start, (size_t)(reader->at - start));
}

void push_json(lua_State *L, const uint8_t *text, size_t count) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_KINDS);
  struct reader reader = {.L = L, .at = text, .end = text + count, .kinds = lua_gettop(L)};
  push_value(&reader);
  lua_remove(L, -2);
}

static void mark(lua_State *L, int index, bool array) {
  index = lua_absindex(L, index);
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_KINDS);
  lua_pushvalue(L, index);
  if (array) {
    lua_pushboolean(L, true);
  } else {
    lua_newtable(L);
  }
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

// Says that the table was made from an object with these names.
void set_order(lua_State *L, int table, int names) {
  table = lua_absindex(L, table);
  names = lua_absindex(L, names);
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_KINDS);
  lua_pushvalue(L, table);
  lua_pushvalue(L, names);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

void mark_array(lua_State *L, int index) { mark(L, index, true); }
void mark_object(lua_State *L, int index) { mark(L, index, false); }

// Pushes what the table was made from: nil, `true` or a list of names.
static int push_kind(lua_State *L, int index) {
  index = lua_absindex(L, index);
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_KINDS);
  lua_pushvalue(L, index);
  int kind = lua_rawget(L, -2);
  lua_remove(L, -2);
  return kind;
}

// Pushes a list of the table's keys: those of the message in its order, then what the script added. Pushes nothing and
// returns false where the table was not made from an object.
bool push_keys_in_order(lua_State *L, int index) {
  index = lua_absindex(L, index);
  if (push_kind(L, index) != LUA_TTABLE) {
    lua_pop(L, 1);
    return false;
  }
  int order = lua_gettop(L), keys = order + 1, seen = order + 2;
  luaL_checkstack(L, 8, NULL);
  lua_newtable(L);
  lua_newtable(L);
  lua_Integer count = 0;
  for (lua_Integer position = 1; lua_rawgeti(L, order, position) != LUA_TNIL; position++) {
    guard_charge(L, 3);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, index) != LUA_TNIL) {
      lua_pushvalue(L, -2);
      lua_rawseti(L, keys, ++count);
    }
    lua_pop(L, 1);
    lua_pushboolean(L, true);
    lua_rawset(L, seen);
  }
  while (lua_next(L, index)) {
    guard_charge(L, 3);
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, seen) == LUA_TNIL) {
      lua_pushvalue(L, -2);
      lua_rawseti(L, keys, ++count);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  lua_remove(L, order);
  return true;
}
