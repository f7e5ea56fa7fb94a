/* The memory of usrsctp: it takes and gives some blocks for each message, which
 * the general allocator, made for threads, spends a sixth of the time on.
 * All calls are made with the stack's lock held. */
#ifndef NETSCTP_USRSCTP_MEMORY_H
#define NETSCTP_USRSCTP_MEMORY_H

#include <stddef.h>

/* As malloc(), calloc() and free(). */
void *netsctp__memory_take(size_t size);
void *netsctp__memory_take_zeroed(size_t count, size_t size);
void netsctp__memory_give(void *block);

#endif
