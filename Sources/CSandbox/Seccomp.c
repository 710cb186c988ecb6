#define _GNU_SOURCE
#include "Layers.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The system calls that the worker makes, the most frequent first. What a runtime may try out of habit is refused with
// EPERM; everything else ends the process.

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#define DATA(field) (uint32_t)offsetof(struct seccomp_data, field)
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, DATA(field))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))
#define ALLOW(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), RETURN(SECCOMP_RET_ALLOW)
#define REFUSE(name) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 1), RETURN(SECCOMP_RET_ERRNO | EPERM)
// Memory, but none that code could be run from. The low half of the third argument comes first: both machines are
// little-endian.
#define ALLOW_UNLESS_EXECUTABLE(name)                                                                          \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_##name, 0, 4), LOAD(args[2]),                                        \
    BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1), RETURN(SECCOMP_RET_KILL_PROCESS), RETURN(SECCOMP_RET_ALLOW)

#ifdef ARCHITECTURE

static struct sock_filter program[] = {
  LOAD(arch),
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
  RETURN(SECCOMP_RET_KILL_PROCESS),
  LOAD(nr),
#ifdef __x86_64__
  // The numbers of x32 begin here.
  BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
  RETURN(SECCOMP_RET_KILL_PROCESS),
#endif
  ALLOW(read),
  ALLOW(recvfrom),
  ALLOW(sendto),
  ALLOW(write),
  ALLOW(clock_gettime),
  ALLOW(ppoll),
  ALLOW(madvise),
  ALLOW(munmap),
  ALLOW(mremap),
  ALLOW(brk),
  ALLOW(futex),
  ALLOW(getrandom),
  ALLOW(exit),
  ALLOW(exit_group),
  ALLOW(rt_sigreturn),
  ALLOW(rt_sigprocmask),
  ALLOW(sched_yield),
  ALLOW(getpid),
  ALLOW(gettid),
  ALLOW_UNLESS_EXECUTABLE(mmap),
  ALLOW_UNLESS_EXECUTABLE(mprotect),
  REFUSE(openat),
  REFUSE(newfstatat),
  REFUSE(fstat),
  REFUSE(readlinkat),
  REFUSE(prctl),
  REFUSE(prlimit64),
  REFUSE(sched_getaffinity),
  REFUSE(sysinfo),
  REFUSE(ioctl),
#ifdef __x86_64__
  ALLOW(poll),
  REFUSE(open),
  REFUSE(readlink),
#endif
  RETURN(SECCOMP_RET_KILL_PROCESS),
};

bool enter_seccomp(void) {
  struct sock_fprog filter = {.len = sizeof program / sizeof *program, .filter = program};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

#else

bool enter_seccomp(void) { return false; }

#endif
