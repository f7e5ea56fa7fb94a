/* Rows of a request that one socket option says: compiled against the vendor.h
 * of each stack. Results are 0 or -errno, explained. */
#ifndef NETSCTP_RFC6458_OPTION_GROUPS_H
#define NETSCTP_RFC6458_OPTION_GROUPS_H

#include "shim/backend.h"

/* Writes the rows that belong together with the first of them, and adds them to
 * `done`, which has a bit for each row. */
int netsctp__set_group(struct netsctp__handle *,
                       const struct netsctp__request *, uint32_t first,
                       uint64_t *done);

/* Writes the bytes of an option behind what counts them; with an answer, reads
 * them into it. */
int netsctp__carry_bytes(struct netsctp__handle *,
                         const struct netsctp__request *,
                         struct netsctp_option *, struct netsctp__answer *out);

/* The system's kernel does not have the option. */
int netsctp__lacking(uint32_t name);

#endif
