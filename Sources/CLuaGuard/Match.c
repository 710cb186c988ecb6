#include "Match.h"

#include <ctype.h>
#include <string.h>

enum { DEEPEST = 200 };

static const char *match_here(struct match *match, const char *subject, const char *pattern);

// Past one item of the pattern: a character, `%x`, or a set.
static const char *item_end(struct match *match, const char *pattern) {
  lua_State *L = match->L;
  if (*pattern++ == '%') {
    if (pattern == match->pattern_end) luaL_error(L, "malformed pattern (ends with '%%')");
    return pattern + 1;
  }
  if (pattern[-1] != '[') return pattern;
  if (pattern < match->pattern_end && *pattern == '^') pattern++;
  // A `]` that comes first stands for itself.
  const char *first = pattern;
  while (true) {
    guard_charge(L, 1);
    if (pattern == match->pattern_end) luaL_error(L, "malformed pattern (missing ']')");
    char byte = *pattern++;
    if (byte == ']' && pattern - 1 != first) return pattern;
    if (byte == '%') {
      if (pattern == match->pattern_end) luaL_error(L, "malformed pattern (missing ']')");
      pattern++;
    }
  }
}

static bool in_class(int byte, int class) {
  bool answer;
  switch (tolower(class)) {
    case 'a': answer = isalpha(byte); break;
    case 'c': answer = iscntrl(byte); break;
    case 'd': answer = isdigit(byte); break;
    case 'g': answer = isgraph(byte); break;
    case 'l': answer = islower(byte); break;
    case 'p': answer = ispunct(byte); break;
    case 's': answer = isspace(byte); break;
    case 'u': answer = isupper(byte); break;
    case 'w': answer = isalnum(byte); break;
    case 'x': answer = isxdigit(byte); break;
    default: return class == byte;
  }
  return isupper(class) ? !answer : answer;
}

// `set` is at the `[`, `end` past the `]`.
static bool in_set(struct match *match, int byte, const char *set, const char *end) {
  bool found = true;
  const char *last = end - 1;
  guard_charge(match->L, (end - set) >> 2);
  if (*++set == '^') {
    found = false;
    set++;
  }
  for (; set < last; set++) {
    if (*set == '%') {
      if (in_class(byte, (unsigned char)*++set)) return found;
    } else if (set + 2 < last && set[1] == '-') {
      if ((unsigned char)set[0] <= byte && byte <= (unsigned char)set[2]) return found;
      set += 2;
    } else if ((unsigned char)*set == byte) {
      return found;
    }
  }
  return !found;
}

static bool one_matches(struct match *match, const char *subject, const char *pattern, const char *end) {
  if (subject >= match->end) return false;
  int byte = (unsigned char)*subject;
  switch (*pattern) {
    case '.': return true;
    case '%': return in_class(byte, (unsigned char)pattern[1]);
    case '[': return in_set(match, byte, pattern, end);
    default: return (unsigned char)*pattern == byte;
  }
}

static const char *match_balance(struct match *match, const char *subject, const char *pattern) {
  if (pattern + 1 >= match->pattern_end) luaL_error(match->L, "malformed pattern (missing arguments to '%%b')");
  if (subject >= match->end || *subject != *pattern) return NULL;
  char open = *pattern, close = pattern[1];
  int64_t level = 1;
  while (++subject < match->end) {
    guard_charge(match->L, 1);
    if (*subject == close) {
      if (--level == 0) return subject + 1;
    } else if (*subject == open) {
      level++;
    }
  }
  return NULL;
}

static const char *match_frontier(struct match *match, const char *subject, const char *pattern, const char **rest) {
  if (pattern == match->pattern_end || *pattern != '[') {
    luaL_error(match->L, "missing '[' after '%%f' in pattern");
  }
  const char *end = item_end(match, pattern);
  int before = subject == match->start ? 0 : (unsigned char)subject[-1];
  int after = subject == match->end ? 0 : (unsigned char)*subject;
  *rest = end;
  return !in_set(match, before, pattern, end) && in_set(match, after, pattern, end) ? subject : NULL;
}

static const char *match_reference(struct match *match, const char *subject, int digit) {
  int index = digit - '1';
  if (index < 0 || index >= match->captures || match->capture[index].length == OPEN) {
    luaL_error(match->L, "invalid capture index %%%d", index + 1);
  }
  ptrdiff_t length = match->capture[index].length;
  if (length == POSITION) return NULL;
  guard_charge_bytes(match->L, (size_t)length);
  if (match->end - subject < length || memcmp(match->capture[index].start, subject, (size_t)length)) return NULL;
  return subject + length;
}

static const char *match_open(struct match *match, const char *subject, const char *pattern, ptrdiff_t kind) {
  if (match->captures >= MOST_CAPTURES) luaL_error(match->L, "too many captures");
  match->capture[match->captures].start = subject;
  match->capture[match->captures].length = kind;
  match->captures++;
  const char *result = match_here(match, subject, pattern);
  if (!result) match->captures--;
  return result;
}

static const char *match_close(struct match *match, const char *subject, const char *pattern) {
  int index = match->captures - 1;
  while (index >= 0 && match->capture[index].length != OPEN) index--;
  if (index < 0) luaL_error(match->L, "invalid pattern capture");
  match->capture[index].length = subject - match->capture[index].start;
  const char *result = match_here(match, subject, pattern);
  if (!result) match->capture[index].length = OPEN;
  return result;
}

// As many as there are, then fewer and fewer.
static const char *match_most(struct match *match, const char *subject, const char *pattern, const char *end) {
  ptrdiff_t count = 0;
  while (one_matches(match, subject + count, pattern, end)) {
    guard_charge(match->L, 1);
    count++;
  }
  for (; count >= 0; count--) {
    const char *result = match_here(match, subject + count, end + 1);
    if (result) return result;
  }
  return NULL;
}

// None, then more and more.
static const char *match_fewest(struct match *match, const char *subject, const char *pattern, const char *end) {
  while (true) {
    guard_charge(match->L, 1);
    const char *result = match_here(match, subject, end + 1);
    if (result) return result;
    if (!one_matches(match, subject, pattern, end)) return NULL;
    subject++;
  }
}

// The end of the match of `pattern` at `subject`, or NULL.
static const char *match_here(struct match *match, const char *subject, const char *pattern) {
  if (++match->depth > DEEPEST) luaL_error(match->L, "pattern too complex");
  while (subject && pattern != match->pattern_end) {
    guard_charge(match->L, 1);
    const char *after = pattern + 1;
    if (*pattern == '(') {
      bool position = after < match->pattern_end && *after == ')';
      subject = match_open(match, subject, position ? after + 1 : after, position ? POSITION : OPEN);
      break;
    }
    if (*pattern == ')') {
      subject = match_close(match, subject, after);
      break;
    }
    if (*pattern == '$' && after == match->pattern_end) {
      subject = subject == match->end ? subject : NULL;
      break;
    }
    if (*pattern == '%' && after < match->pattern_end && strchr("bf0123456789", *after) && *after) {
      if (*after == 'b') {
        subject = match_balance(match, subject, after + 1);
        pattern = after + 3;
      } else if (*after == 'f') {
        subject = match_frontier(match, subject, after + 1, &pattern);
      } else {
        subject = match_reference(match, subject, (unsigned char)*after);
        pattern = after + 1;
      }
      continue;
    }
    const char *end = item_end(match, pattern);
    char repeat = end < match->pattern_end ? *end : 0;
    if (repeat == '*') {
      subject = match_most(match, subject, pattern, end);
      break;
    }
    if (repeat == '-') {
      subject = match_fewest(match, subject, pattern, end);
      break;
    }
    bool matches = one_matches(match, subject, pattern, end);
    if (repeat == '+') {
      subject = matches ? match_most(match, subject + 1, pattern, end) : NULL;
      break;
    }
    if (repeat == '?') {
      const char *result = matches ? match_here(match, subject + 1, end + 1) : NULL;
      if (result) {
        subject = result;
        break;
      }
      pattern = end + 1;
      continue;
    }
    subject = matches ? subject + 1 : NULL;
    pattern = end;
  }
  match->depth--;
  return subject;
}

void match_begin(struct match *match, lua_State *L, const char *subject, size_t length, const char *end) {
  match->L = L;
  match->start = subject;
  match->end = subject + length;
  match->pattern_end = end;
}

const char *match_at(struct match *match, const char *subject, const char *pattern) {
  match->depth = match->captures = 0;
  return match_here(match, subject, pattern);
}
