#define _GNU_SOURCE
#include "CSandboxProbe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "CSandbox.h"

// CSandbox's own, which its header does not show.
bool enter_landlock(void);

static pid_t parent;

// Raw calls: the library's wrappers do more than the one call in question.
static long open_file(void) { return syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY | O_CLOEXEC); }
static long create_file(void) { return syscall(SYS_openat, AT_FDCWD, "/tmp/moongate-probe", O_WRONLY | O_CREAT, 0600); }
static long make_folder(void) { return syscall(SYS_mkdirat, AT_FDCWD, "/tmp/moongate-probe-folder", 0700); }
static long remove_file(void) { return syscall(SYS_unlinkat, AT_FDCWD, "/tmp/moongate-probe", 0); }
static long start_program(void) {
  char *const arguments[] = {"true", NULL};
  return syscall(SYS_execve, "/bin/true", arguments, arguments + 1);
}

static long connect_to_host(void) {
  int descriptor = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  // Nobody listens there, which is an answer from outside all the same.
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(1), .sin_addr.s_addr = htonl(0x7F000001)};
  long result = syscall(SYS_connect, descriptor, &address, sizeof address);
  return result < 0 && errno == ECONNREFUSED ? 0 : result;
}

static long make_unix_socket(void) { return syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0); }
static long copy_process(void) {
  long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child;
}
static long signal_parent(void) { return syscall(SYS_kill, parent, 0); }
static long trace_parent(void) { return syscall(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }
static long read_parent(void) { return syscall(SYS_process_vm_readv, parent, NULL, 0, NULL, 0, 0) + 0; }
static long duplicate(void) { return syscall(SYS_dup, 0); }
static long make_memory_file(void) { return syscall(SYS_memfd_create, "probe", 0); }
static long set_handler(void) { return syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 8); }
static long leave_namespaces(void) { return syscall(SYS_unshare, 0); }
static long send_descriptor(void) {
  struct msghdr nothing = {0};
  return syscall(SYS_sendmsg, 0, &nothing, 0) < 0 && errno == ENOTSOCK ? 0 : -1;
}
static long map_code(void) {
  return (long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
static long make_code(void) {
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return page == MAP_FAILED ? -1 : mprotect(page, 4096, PROT_READ | PROT_EXEC);
}
static long take_memory(size_t bytes) {
  return (long)mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == -1 ? -1 : 0;
}
static long take_little_memory(void) { return take_memory((size_t)16 << 20); }
static long take_much_memory(void) { return take_memory((size_t)64 << 20); }
static long change_process(void) { return syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0); }
static long read_clock(void) {
  struct timespec time;
  return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
}
#ifdef __x86_64__
// The same kernel by its other door: 32-bit pointers in 64-bit mode.
static long use_other_numbers(void) { return syscall(0x40000000 | SYS_getpid); }
#else
static long use_other_numbers(void) { return syscall(SYS_getpid); }
#endif

static const struct {
  const char *name;
  long (*run)(void);
} attempts[] = {
  {"open a file", open_file}, {"create a file", create_file}, {"make a folder", make_folder},
  {"remove a file", remove_file}, {"start a program", start_program}, {"connect to a host", connect_to_host},
  {"make a socket", make_unix_socket}, {"copy the process", copy_process}, {"signal the parent", signal_parent},
  {"trace", trace_parent}, {"read the parent's memory", read_parent}, {"duplicate a descriptor", duplicate},
  {"make a file in memory", make_memory_file}, {"handle a signal", set_handler},
  {"leave the namespaces", leave_namespaces}, {"send a descriptor", send_descriptor}, {"map code", map_code},
  {"make code of data", make_code}, {"take 16 MiB", take_little_memory}, {"take 64 MiB", take_much_memory},
  {"change the process", change_process}, {"read the clock", read_clock}, {"use other numbers", use_other_numbers},
};

static int attempt_index(const char *name) {
  for (int index = 0; index < (int)(sizeof attempts / sizeof *attempts); index++)
    if (strcmp(attempts[index].name, name) == 0) return index;
  return -1;
}

// Between fork and exit only system calls, and what the worker itself does at that point: other threads of the test may
// have held any lock.
static __attribute__((noreturn)) void be_the_child(enum moongate_probe_cage cage, int index) {
  if (cage == MOONGATE_PROBE_LANDLOCK) {
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (!enter_landlock()) _exit(ENOSYS);
  } else if (cage == MOONGATE_PROBE_ALL) {
    moongate_sandbox_enter((size_t)32 << 20);
  }
  errno = 0;
  long result = attempts[index].run();
  _exit(result < 0 ? errno : 0);
}

int moongate_probe(enum moongate_probe_cage cage, const char *attempt) {
  int index = attempt_index(attempt);
  if (index < 0) return 1000;
  parent = getpid();
  pid_t child = fork();
  if (child == 0) be_the_child(cage, index);
  if (child < 0) return 1000;
  int status;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
