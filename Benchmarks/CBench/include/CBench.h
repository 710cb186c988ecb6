// What the benchmark of deciding needs of the system: allocations counted, and one core to itself.
#pragma once

#include <stdint.h>

/// How many times this thread has asked for memory so far: malloc, calloc, realloc and their aligned kin.
uint64_t bench_allocations(void);

/// Keeps this thread on the last of the cores that it may use.
void bench_stay_on_one_core(void);
