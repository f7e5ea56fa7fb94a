/* What Debian's libstdc++ and libgcc ask of glibc and musl does not have, so
 * that Bun for musl can be started on a system without musl's libstdc++: its
 * place is that of ld-linux-x86-64.so.2. Nothing of it is used by netsctp. */
#include <stddef.h>
#include <stdint.h>
#include <sys/random.h>
#include <time.h>

char __libc_single_threaded;
unsigned __cpu_model[4];

int __cpu_indicator_init(void) { return 0; }

uint32_t arc4random(void) {
  uint32_t number = 0;
  getrandom(&number, sizeof number, 0);
  return number;
}

size_t __strftime_l(char *text, size_t size, const char *form,
                    const struct tm *time, void *locale) {
  (void)locale;
  return strftime(text, size, form, time);
}

/* Destructors of threads are not run, and no exception is caught. */
int __cxa_thread_atexit_impl(void (*end)(void *), void *object, void *library) {
  (void)end, (void)object, (void)library;
  return 0;
}
int _dl_find_object(void *address, void *found) {
  (void)address, (void)found;
  return -1;
}
