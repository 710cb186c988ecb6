#include "Guard.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Numbers from JSON: a Lua integer or float where that holds the value, else a value that keeps the digits.

enum { LONGEST = 40 };

size_t spell_float(double value, char out[40]) {
  int count = 0;
  for (int precision = 15; precision <= 17; precision++) {
    count = snprintf(out, 40, "%.*g", precision, value);
    if (strtod(out, NULL) == value) break;
  }
  if (!strpbrk(out, ".en")) {
    memcpy(out + count, ".0", 3);
    count += 2;
  }
  return (size_t)count;
}

// The digits of a literal without leading and trailing zeros: its value is 0.digits × 10^exponent.
struct decimal {
  char digits[LONGEST];
  int count;
  long exponent;
};

static void read_decimal(const char *literal, size_t length, struct decimal *decimal) {
  decimal->count = 0;
  decimal->exponent = 0;
  bool point = false;
  size_t index = 0;
  for (; index < length && (literal[index] | 0x20) != 'e'; index++) {
    char byte = literal[index];
    if (byte == '.') {
      point = true;
    } else if (byte != '-') {
      if (decimal->count == 0 && byte == '0') {
        if (point) decimal->exponent--;
        continue;
      }
      if (!point) decimal->exponent++;
      decimal->digits[decimal->count++] = byte;
    }
  }
  if (index < length) {
    long written = strtol(literal + index + 1, NULL, 10);
    // Of what no float holds, more digits make no difference; and the sum stays one.
    decimal->exponent += written > 100000 ? 100000 : written < -100000 ? -100000 : written;
  }
  while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') decimal->count--;
  if (decimal->count == 0) decimal->exponent = 0;
}

// Whether a float stands for the literal: its shortest spelling is the same number.
static bool read_float(const char *literal, size_t length, double *value) {
  char copy[LONGEST + 1];
  if (length > LONGEST - 2) return false;
  memcpy(copy, literal, length);
  copy[length] = 0;
  *value = strtod(copy, NULL);
  if (!isfinite(*value)) return false;
  struct decimal given, shortest;
  read_decimal(copy, length, &given);
  if (given.count <= 15 && given.exponent > -290 && given.exponent < 290) return true;
  char spelled[40];
  read_decimal(spelled, spell_float(*value, spelled), &shortest);
  return given.count == shortest.count && given.exponent == shortest.exponent
         && memcmp(given.digits, shortest.digits, (size_t)given.count) == 0;
}

static bool read_integer(const char *literal, size_t length, lua_Integer *value) {
  bool negative = literal[0] == '-';
  size_t index = negative;
  if (length - index > 19 || index == length) return false;
  uint64_t sum = 0;
  for (; index < length; index++) {
    if (literal[index] < '0' || literal[index] > '9') return false;
    sum = sum * 10 + (uint64_t)(literal[index] - '0');
  }
  if (sum > (uint64_t)INT64_MAX + negative) return false;
  *value = negative ? (lua_Integer)(0 - sum) : (lua_Integer)sum;
  return true;
}

void push_number(lua_State *L, const uint8_t *bytes, size_t count) {
  const char *literal = (const char *)bytes;
  lua_Integer integer;
  double real;
  if (count > 0 && read_integer(literal, count, &integer)) {
    lua_pushinteger(L, integer);
  } else if (count > 0 && read_float(literal, count, &real)) {
    lua_pushnumber(L, real);
  } else {
    guard_charge_bytes(L, count);
    memcpy(lua_newuserdatauv(L, count ? count : 1, 0), literal, count);
    lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_NUMBER);
    lua_setmetatable(L, -2);
  }
}

const char *exact_number(lua_State *L, int index, size_t *count) {
  if (lua_type(L, index) != LUA_TUSERDATA || !lua_getmetatable(L, index)) return NULL;
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_NUMBER);
  bool same = lua_rawequal(L, -1, -2);
  lua_pop(L, 2);
  if (!same) return NULL;
  if (count) *count = lua_rawlen(L, index);
  return lua_touserdata(L, index);
}

// One side of a comparison as a literal.
static void spell(lua_State *L, int index, moongate_value *value, char out[40]) {
  size_t count;
  const char *digits = exact_number(L, index, &count);
  if (!digits) {
    if (lua_type(L, index) != LUA_TNUMBER) {
      luaL_error(L, "attempt to compare number with %s", luaL_typename(L, index));
    }
    digits = out;
    count = lua_isinteger(L, index) ? (size_t)snprintf(out, 40, "%lld", (long long)lua_tointeger(L, index))
                                    : spell_float(lua_tonumber(L, index), out);
  }
  guard_charge_bytes(L, count);
  *value = (moongate_value){.kind = MOONGATE_STRING, .text = {(const uint8_t *)digits, count}};
}

// Below zero, zero or above, as the left side is less, equal or greater; 2 where one is not a number at all.
static int compare(lua_State *L) {
  for (int index = 1; index <= 2; index++) {
    if (lua_type(L, index) != LUA_TNUMBER || isfinite(lua_tonumber(L, index))) continue;
    double value = lua_tonumber(L, index);
    if (isnan(value)) return 2;
    return (value > 0) == (index == 2) ? -1 : 1;
  }
  char left[40], right[40];
  moongate_value sides[2];
  spell(L, 1, &sides[0], left);
  spell(L, 2, &sides[1], right);
  moongate_outcome outcome = {0};
  host_entry(HOST_COMPARE, sides, 2, &outcome);
  if (outcome.failed || outcome.count != 1) return luaL_error(L, "numbers too large to compare");
  return (int)outcome.values[0].integer;
}

static int number_equal(lua_State *L) {
  bool both = exact_number(L, 1, NULL) && exact_number(L, 2, NULL);
  lua_pushboolean(L, both && compare(L) == 0);
  return 1;
}

static int number_less(lua_State *L) {
  lua_pushboolean(L, compare(L) == -1);
  return 1;
}

static int number_less_equal(lua_State *L) {
  int order = compare(L);
  lua_pushboolean(L, order == -1 || order == 0);
  return 1;
}

static int number_text(lua_State *L) {
  size_t count;
  const char *digits = exact_number(L, 1, &count);
  if (!digits) return luaL_error(L, "not a number");
  lua_pushlstring(L, digits, count);
  return 1;
}

void open_numbers(lua_State *L) {
  const luaL_Reg methods[] = {
    {"__eq", number_equal}, {"__lt", number_less}, {"__le", number_less_equal}, {"__tostring", number_text},
    {NULL, NULL},
  };
  luaL_newlib(L, methods);
  lua_pushliteral(L, "exact number");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "number");
  lua_setfield(L, -2, "__metatable");
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_NUMBER);
}
