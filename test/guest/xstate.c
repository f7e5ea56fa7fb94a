/*
 * Hides the registers of AMX from User-Mode Linux. Preloaded, it stands in for
 * ptrace(2).
 *
 * A processor with AMX has over 11,000 bytes of registers. Linux 6.1 as a
 * program has a buffer of 2,696, which was room for all of them, and ends
 * before its first process runs: the host's kernel answers EFAULT to less than
 * all when they are written back. Linux 7.2 takes them all, and puts them on
 * the stack of a signal's handler: Deno's threads have 8 KB there, and die of
 * SIGSEGV. So neither reads more than 2,696 bytes, and the rest is filled in
 * here with what the process has in these registers already.
 */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* AMX's registers lie behind all others. */
enum { ROOM = 2696 };

static long get_registers(pid_t pid, struct iovec *wanted) {
  if (wanted->iov_len > ROOM)
    wanted->iov_len = ROOM;
  return syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, wanted);
}

static long set_registers(pid_t pid, const struct iovec *given) {
  static char whole[65536]; // not on the stack, which is the guest kernel's: it has 16 KB
  struct iovec all = {whole, sizeof whole};
  if (syscall(SYS_ptrace, PTRACE_GETREGSET, pid, NT_X86_XSTATE, &all) != 0)
    return -1;
  if (given->iov_len > all.iov_len) {
    errno = EFAULT;
    return -1;
  }
  memcpy(whole, given->iov_base, given->iov_len);
  return syscall(SYS_ptrace, PTRACE_SETREGSET, pid, NT_X86_XSTATE, &all);
}

static long peek(enum __ptrace_request request, pid_t pid, void *address) {
  long word;
  if (syscall(SYS_ptrace, request, pid, address, &word) != 0)
    return -1;
  errno = 0; // -1 may be what was read
  return word;
}

long ptrace(enum __ptrace_request request, ...) {
  va_list arguments;
  va_start(arguments, request);
  pid_t pid = va_arg(arguments, pid_t);
  void *address = va_arg(arguments, void *);
  void *data = va_arg(arguments, void *);
  va_end(arguments);

  if (request == PTRACE_PEEKTEXT || request == PTRACE_PEEKDATA ||
      request == PTRACE_PEEKUSER)
    return peek(request, pid, address);
  if (request == PTRACE_GETREGSET && (long)address == NT_X86_XSTATE)
    return get_registers(pid, data);
  long result = syscall(SYS_ptrace, request, pid, address, data);
  int is_short = result != 0 && errno == EFAULT &&
                 request == PTRACE_SETREGSET && (long)address == NT_X86_XSTATE;
  return is_short ? set_registers(pid, data) : result;
}
