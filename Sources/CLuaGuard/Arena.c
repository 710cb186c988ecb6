#define _GNU_SOURCE
#include "Guard.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// The memory of the one world: blocks of 153 sizes, taken from free lists or from the end. The arena's own state lies
// at its beginning, so that an image holds it, too. It is mapped at one address wherever that is free, so that not even
// the order of tables keyed by objects differs from run to run.

enum { SMALL = 1024, SMALL_SIZES = SMALL / 16 + 1, SIZES = SMALL_SIZES + 4 * 22 };
#define RESERVED ((size_t)1 << 30)
#define PREFERRED ((void *)0x200000000000)
// What a call dirtied beyond the image is wiped up to here before the next, and given back to the kernel beyond.
#define KEPT ((size_t)256 << 10)

struct arena {
  size_t used;
  size_t live;
  bool starved;
  uint8_t *stack, *latest;
  size_t allocations, first_size;
  void *free[SIZES];
};

static uint8_t *base;
static size_t cap, highest;

#define ARENA ((struct arena *)base)
#define FIRST ((sizeof(struct arena) + 15) & ~(size_t)15)

int arena_open(void) {
  void *place = mmap(PREFERRED, RESERVED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (place == MAP_FAILED) return errno;
  base = place;
  return 0;
}

size_t arena_reserved(void) { return RESERVED; }

static void give_back(size_t from) {
  if (highest <= from + KEPT) return;
  size_t kept = (from + KEPT) & ~(size_t)4095;
  madvise(base + kept, highest - kept, MADV_DONTNEED);
  highest = kept;
}

static void wipe(size_t from) {
  give_back(from);
  if (highest > from) memset(base + from, 0, highest - from);
  highest = from;
}

void arena_set_cap(int64_t wanted) {
  size_t most = RESERVED / 2 - ((size_t)1 << 20);
  cap = wanted < 0 ? 0 : (size_t)wanted > most ? most : (size_t)wanted;
}

void arena_reset(int64_t wanted) {
  wipe(0);
  ARENA->used = FIRST;
  highest = ARENA->used;
  arena_set_cap(wanted);
}

bool arena_save(struct image *image) {
  image->count = ARENA->used;
  image->bytes = malloc(image->count);
  if (image->bytes) memcpy(image->bytes, base, image->count);
  return image->bytes != NULL;
}

void arena_restore(const struct image *image) {
  wipe(image->count);
  memcpy(base, image->bytes, image->count);
  highest = image->count;
}

// Destroys the world, but for what the next one would overwrite at once.
void arena_trim(const struct image *image) { give_back(image->count); }

size_t arena_cap(void) { return cap; }

// How much of the cap is left.
size_t arena_room(void) { return ARENA->live < cap ? cap - ARENA->live : 0; }

// The size class of a block, and how many bytes a block of it has.
static inline int size_class(size_t size, size_t *rounded) {
  if (size <= SMALL) {
    *rounded = (size + 15) & ~(size_t)15;
    return (int)(*rounded >> 4);
  }
  int top = 63 - __builtin_clzl(size - 1);
  size_t step = (size_t)1 << (top - 2);
  size_t steps = (size - ((size_t)1 << top) + step - 1) / step;
  *rounded = ((size_t)1 << top) + steps * step;
  return SMALL_SIZES + 4 * (top - 10) + (int)steps - 1;
}

// Freed blocks of other sizes are not used again: twice the cap is where that ends.
static bool extend(size_t size) {
  struct arena *arena = ARENA;
  if (arena->used + size > 2 * cap + ((size_t)1 << 20)) return false;
  arena->used += size;
  if (arena->used > highest) highest = arena->used;
  return true;
}

static void *take(size_t size) {
  struct arena *arena = ARENA;
  if (size > cap) return NULL;
  size_t rounded;
  int class = size_class(size, &rounded);
  if (arena->live + rounded > cap) return NULL;
  void *block = arena->free[class];
  if (block) {
    memcpy(&arena->free[class], block, sizeof(void *));
  } else {
    block = base + arena->used;
    if (!extend(rounded)) return NULL;
  }
  arena->live += rounded;
  return block;
}

static void give(void *block, size_t size) {
  size_t rounded;
  int class = size_class(size, &rounded);
  memcpy(block, &ARENA->free[class], sizeof(void *));
  ARENA->free[class] = block;
  ARENA->live -= rounded;
}

// Lua tries again after a full collection. Only where that fails, too, is memory used up. A script that stays close to
// its cap has Lua collect at every other step, which takes long, so that the hook would come late.
static void *took(void *block) {
  struct arena *arena = ARENA;
  if (!block && arena->starved) guard_set_stop(STOP_MEMORY);
  if (!block && guard_is_late()) guard_hurry();
  arena->starved = block == NULL;
  return block;
}

// Lua seeds its string hashes from the clock and from addresses, so that the order of `next` differs from process to
// process. Between its first and its second allocation a new state holds the seed and has not used it: it is set here,
// if the state is laid out as it is in Lua 5.4 (else the order stays arbitrary, and nothing else changes).
static void fix_seed(void *marker) {
  struct layout {
    lua_Alloc allocate;
    void *marker;
    size_t total;
    size_t others[3];
    uint8_t strings[16], registry[16], nil_value[8], nil_tag, padding[7];
    unsigned seed;
  };
  uint8_t *state = base + FIRST;
  size_t size = ARENA->first_size;
  for (size_t offset = 0; offset + sizeof(struct layout) <= size; offset += 8) {
    struct layout *layout = (struct layout *)(state + offset);
    if (layout->allocate != arena_allocate || layout->marker != marker) continue;
    if (layout->total == size && layout->nil_tag == LUA_TNUMBER) layout->seed = 0x6d6f6f6e;
    return;
  }
}

void *arena_allocate(void *marker, void *block, size_t old_size, size_t new_size) {
  struct arena *arena = ARENA;
  if (!block) {
    if (new_size == 0) return NULL;
    if (new_size > (64 << 10) && guard_is_late()) return NULL;
    void *fresh = took(take(new_size));
    arena->latest = fresh;
    // The first block of a world is its state, the second its stack.
    if (++arena->allocations == 1) arena->first_size = new_size;
    if (arena->allocations == 2) {
      arena->stack = fresh;
      fix_seed(marker);
    }
    return fresh;
  }
  if (new_size == 0) {
    // The stack has moved, into the block just taken: calls nest deeper than before.
    if (block == arena->stack) {
      arena->stack = arena->latest;
      guard_watch_depth();
    }
    give(block, old_size);
    return NULL;
  }
  size_t old_rounded, new_rounded;
  int old_class = size_class(old_size, &old_rounded), new_class = size_class(new_size, &new_rounded);
  if (old_class == new_class) return block;
  void *fresh;
  if (new_rounded < old_rounded) {
    // Shrinking never fails: in need, the block stays and passes for a smaller one.
    fresh = take(new_size);
    if (!fresh) {
      arena->live -= old_rounded - new_rounded;
      return block;
    }
    memcpy(fresh, block, new_size);
  } else {
    if (new_size > (64 << 10) && guard_is_late()) return NULL;
    size_t more = new_rounded - old_rounded;
    bool is_last = (uint8_t *)block + old_rounded == base + arena->used;
    if (is_last && new_size <= cap && arena->live + more <= cap && extend(more)) {
      arena->live += more;
      arena->starved = false;
      return block;
    }
    fresh = took(take(new_size));
    if (!fresh) return NULL;
    memcpy(fresh, block, old_size);
  }
  give(block, old_size);
  return fresh;
}
