#define _GNU_SOURCE
#include "CSandbox.h"

#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

// Code and constants, of which the start alone needed many, are most of what a process like this has in memory. What of
// them is used again comes back from the page cache, without a disk.

static int give_back_segments(struct dl_phdr_info *object, size_t size, void *unused) {
  (void)size;
  (void)unused;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < object->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &object->dlpi_phdr[index];
    // What could ever be written may have been, and would come back as it is in the file: relocated tables are such.
    if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
    uintptr_t start = ((uintptr_t)object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
    uintptr_t end = ((uintptr_t)object->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
    if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
  }
  return 0;
}

void moongate_give_back(void) {
  malloc_trim(0);
  dl_iterate_phdr(give_back_segments, NULL);
}

void moongate_keep_little(void) {
  // The library would raise these by itself after the first large message, and from then on keep what is freed.
  mallopt(M_MMAP_THRESHOLD, 256 << 10);
  mallopt(M_TRIM_THRESHOLD, 512 << 10);
}
