#ifndef MOONGATE_MATCH_H
#define MOONGATE_MATCH_H

#include "Guard.h"

// Lua's patterns, by a matcher that pays for each of its steps. Lua's own never looks up from its work, and some
// patterns take longer than the sun will last.

enum { MOST_CAPTURES = 32, OPEN = -1, POSITION = -2 };

// A match, or the search for one. Owns nothing: what it points at is the caller's, and on Lua's stack.
struct match {
  lua_State *L;
  const char *start, *end, *pattern_end;
  int depth, captures;
  struct {
    const char *start;
    ptrdiff_t length;
  } capture[MOST_CAPTURES];
};

// Makes ready to look for a pattern that ends at `end`.
void match_begin(struct match *match, lua_State *L, const char *subject, size_t length, const char *end);

// Where the match that begins at `subject` ends, or NULL. Raises a Lua error for a pattern that is none.
const char *match_at(struct match *match, const char *subject, const char *pattern);

#endif
