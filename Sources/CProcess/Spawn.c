#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// All that the child needs, prepared by the parent: the child may neither allocate nor look at the environment.
struct plan {
  const char *path;
  char *const *argv;
  char *const *envp;
  const int *descriptors;
  int count;
  int flags;
  pid_t parent;
  // The directories to search, or NULL where `path` has a slash.
  const char *directories;
  // Room for any directory with `path` after it.
  char *candidate;
  // The child's answer: it shares this memory.
  volatile int error;
};

static void close_from(int first) {
  if (syscall(SYS_close_range, (unsigned)first, ~0u, 0u) == 0) return;
  struct rlimit limit;
  rlim_t end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536 ? limit.rlim_cur : 65536;
  for (rlim_t descriptor = (rlim_t)first; descriptor < end; descriptor++) close((int)descriptor);
}

static int place_descriptors(const struct plan *plan) {
  // First all out of the way of the places they are to have, then each into its place.
  int start = plan->count;
  int copies[64];
  for (int index = 0; index < plan->count; index++) {
    int descriptor = plan->descriptors[index];
    int copy = descriptor >= 0 ? fcntl(descriptor, F_DUPFD_CLOEXEC, start) : open("/dev/null", O_RDWR | O_CLOEXEC);
    if (copy >= 0 && copy < start) {
      int moved = fcntl(copy, F_DUPFD_CLOEXEC, start);
      close(copy);
      copy = moved;
    }
    if (copy < 0) return errno;
    copies[index] = copy;
  }
  for (int index = 0; index < plan->count; index++) {
    if (dup2(copies[index], index) < 0) return errno;
  }
  close_from(plan->count);
  return 0;
}

static int run_program(const struct plan *plan) {
  if (!plan->directories) {
    execve(plan->path, plan->argv, plan->envp);
    return errno;
  }
  int denied = 0;
  for (const char *directory = plan->directories;; directory++) {
    const char *end = strchrnul(directory, ':');
    size_t length = (size_t)(end - directory);
    memcpy(plan->candidate, directory, length);
    if (length > 0) plan->candidate[length++] = '/';
    strcpy(plan->candidate + length, plan->path);
    execve(plan->candidate, plan->argv, plan->envp);
    if (errno == EACCES) {
      denied = EACCES;
    } else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT) {
      return errno;
    }
    if (*end == 0) break;
    directory = end;
  }
  return denied ? denied : ENOENT;
}

// The child's part. Only system calls, until the program replaces it.
static __attribute__((noreturn, noinline)) void become(struct plan *plan) {
  // The kernel's own call and its own structure, all of it zero: the library keeps signals 32 and 33 from its callers.
  unsigned long action[4] = {0};
  for (int number = 1; number < NSIG; number++) syscall(SYS_rt_sigaction, number, action, NULL, sizeof(long));
  int error = 0;
  if (plan->flags & MOONGATE_SPAWN_DIES_WITH_PARENT) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) error = errno;
    // The parent may have died before the line above.
    if (getppid() != plan->parent) _exit(127);
  }
  if (!error && (plan->flags & MOONGATE_SPAWN_OWN_GROUP) && setpgid(0, 0) != 0) error = errno;
  if (!error) error = place_descriptors(plan);
  if (!error) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    error = run_program(plan);
  }
  plan->error = error;
  _exit(127);
}

int moongate_spawn(
  const char *path, char *const argv[], char *const envp[], const int *descriptors, int count, int flags, pid_t *pid
) {
  if (count < 0 || count > 64) return EINVAL;
  if (*path == 0) return ENOENT;
  struct plan plan = {
    .path = path, .argv = argv, .envp = envp, .descriptors = descriptors, .count = count, .flags = flags,
    .parent = getpid(),
  };
  char *search = NULL;
  if (!strchr(path, '/')) {
    const char *directories = getenv("PATH");
    if (!directories) directories = "/bin:/usr/bin";
    size_t length = strlen(directories) + 1;
    search = malloc(length + length + strlen(path) + 2);
    if (!search) return ENOMEM;
    plan.directories = memcpy(search, directories, length);
    plan.candidate = search + length;
  }

  // The child runs in this memory: no handler of ours may run in it. The raw call blocks the C library's own, too.
  unsigned long all[2] = {~0ul, ~0ul}, before[2];
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, all, before, (size_t)(NSIG / 8));
  pid_t child = vfork();
  if (child == 0) become(&plan);
  int error = child < 0 ? errno : plan.error;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, before, NULL, (size_t)(NSIG / 8));
  free(search);

  if (child > 0 && error) {
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR) continue;
  }
  if (!error) *pid = child;
  return error;
}

int moongate_wait(pid_t pid, bool block, moongate_ending *ending) {
  int status = 0;
  pid_t result;
  do {
    result = waitpid(pid, &status, block ? 0 : WNOHANG);
  } while (result < 0 && errno == EINTR);
  if (result < 0) return errno;
  *ending = (moongate_ending){.ended = result == pid};
  if (result == pid && WIFSIGNALED(status)) {
    ending->signal = WTERMSIG(status);
    ending->status = 128 + ending->signal;
  } else if (result == pid) {
    ending->status = WEXITSTATUS(status);
  }
  return 0;
}

int moongate_open_process(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0u); }
