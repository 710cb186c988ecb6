#include "Guard.h"

#include <string.h>

// `require`. The modules come with their script, as text; they are compiled with it, run once, and what they return
// stands in the script's world from then on. Nothing is looked for, and nothing is loaded once the script is.

// How a text is handed to Lua.
struct reading {
  moongate_text text;
  int32_t newlines;
  bool done;
};

// First as many line ends as stand before the text in its file, so that places are right.
static const char *read_source(lua_State *L, void *data, size_t *count) {
  (void)L;
  static const char newlines[] = "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n";
  struct reading *reading = data;
  if (reading->newlines > 0) {
    int32_t most = (int32_t)sizeof newlines - 1;
    int32_t some = reading->newlines < most ? reading->newlines : most;
    reading->newlines -= some;
    *count = (size_t)some;
    return newlines;
  }
  *count = reading->done ? 0 : reading->text.count;
  reading->done = true;
  return (const char *)reading->text.bytes;
}

// Pushes the function that the text is; raises where it is none.
void push_compiled(lua_State *L, const moongate_source *source) {
  struct reading reading = {.text = source->text, .newlines = source->first_line - 1};
  guard_charge_bytes(L, source->text.count + (size_t)(reading.newlines > 0 ? reading.newlines : 0));
  // `@` says that a name is a file's.
  lua_pushliteral(L, "@");
  lua_pushlstring(L, (const char *)source->file.bytes, source->file.count);
  lua_concat(L, 2);
  // Bytecode is told by its first byte, which no text has; lua_load sees line ends first where there are some.
  if (source->text.count > 0 && source->text.bytes[0] == LUA_SIGNATURE[0]) {
    luaL_error(L, "%s:1: bytecode is not loaded", lua_tostring(L, -1) + 1);
  }
  if (lua_load(L, read_source, &reading, lua_tostring(L, -1), "t") != LUA_OK) lua_error(L);
  lua_remove(L, -2);
}

// The name is at 1, the names that are being loaded on top.
static int raise_cycle(lua_State *L) {
  int names = lua_gettop(L);
  luaL_Buffer buffer;
  luaL_buffinit(L, &buffer);
  luaL_addstring(&buffer, "modules that require each other: ");
  for (lua_Integer index = 1; lua_rawgeti(L, names, index) == LUA_TSTRING; index++) {
    luaL_addvalue(&buffer);
    luaL_addstring(&buffer, ", ");
  }
  lua_pop(L, 1);
  lua_pushvalue(L, 1);
  luaL_addvalue(&buffer);
  luaL_pushresult(&buffer);
  luaL_where(L, 1);
  lua_insert(L, -2);
  lua_concat(L, 2);
  return lua_error(L);
}

// Runs the loader that is on top, for the name at 1, and leaves what it returned in its place.
static void run_loader(lua_State *L) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_LOADING);
  int loading = lua_gettop(L);
  lua_Integer depth = (lua_Integer)lua_rawlen(L, loading) + 1;
  for (lua_Integer index = 1; index < depth; index++) {
    lua_rawgeti(L, loading, index);
    if (lua_rawequal(L, -1, 1)) {
      lua_settop(L, loading);
      raise_cycle(L);
    }
    lua_pop(L, 1);
  }
  lua_pushvalue(L, 1);
  lua_rawseti(L, loading, depth);
  lua_pushcfunction(L, guard_handler);
  lua_pushvalue(L, loading - 1);
  lua_pushvalue(L, 1);
  int status = lua_pcall(L, 1, 1, loading + 1);
  // Whatever became of it, it is not being loaded any more; no name is left behind one that failed.
  lua_pushnil(L);
  lua_rawseti(L, loading, depth);
  if (status == LUA_ERRMEM) guard_set_stop(STOP_MEMORY);
  if (guard.stop) guard_raise(L);
  if (status != LUA_OK) lua_error(L);
  lua_replace(L, loading - 1);
  lua_settop(L, loading - 1);
}

static int require(lua_State *L) {
  if (lua_type(L, 1) != LUA_TSTRING) {
    return luaL_error(L, "require: name is a string, not a %s", luaL_typename(L, 1));
  }
  lua_settop(L, 1);
  guard_charge_bytes(L, lua_rawlen(L, 1));
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_MODULES);
  lua_pushvalue(L, 1);
  if (lua_rawget(L, 2) != LUA_TNIL) return 1;
  lua_settop(L, 2);
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_LOADERS);
  lua_pushvalue(L, 1);
  if (lua_rawget(L, 3) != LUA_TFUNCTION) {
    return luaL_error(
      L, "require: there is no module '%s'; its name must stand in quotes, so that it is read with the policy",
      lua_tostring(L, 1));
  }
  run_loader(L);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushboolean(L, true);
  }
  lua_pushvalue(L, 1);
  lua_pushvalue(L, -2);
  lua_rawset(L, 2);
  return 1;
}

// Compiles the modules; nothing runs so far.
void load_modules(lua_State *L, const struct loading *loading) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, SLOT_LOADERS);
  for (size_t index = 0; index < loading->module_count; index++) {
    const moongate_source *module = &loading->modules[index];
    lua_pushlstring(L, (const char *)module->name.bytes, module->name.count);
    push_compiled(L, module);
    lua_rawset(L, -3);
  }
  lua_pop(L, 1);
}

// Runs the modules that nothing has required so far, and forgets how they are loaded.
void run_modules(lua_State *L, const struct loading *loading) {
  for (size_t index = 0; index < loading->module_count; index++) {
    const moongate_source *module = &loading->modules[index];
    lua_pushcfunction(L, require);
    lua_pushlstring(L, (const char *)module->name.bytes, module->name.count);
    lua_call(L, 1, 0);
  }
  lua_newtable(L);
  lua_rawseti(L, LUA_REGISTRYINDEX, SLOT_LOADERS);
}

void open_modules(lua_State *L) {
  for (int slot = SLOT_LOADERS; slot <= SLOT_LOADING; slot++) {
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, slot);
  }
  lua_pushcfunction(L, require);
  lua_setglobal(L, "require");
}
