/* The options of RFC 6458, the same code for either stack: compiled against the
 * vendor.h of each. It is netsctp__backend_configure(), which sets each socket
 * option once and explains which row was refused, and _inspect(). */
#ifndef NETSCTP_RFC6458_OPTIONS_H
#define NETSCTP_RFC6458_OPTIONS_H

#include "shim/backend.h"

/* What differs, in the quirks.c of each stack. Either returns NETSCTP__MINE
 * when all is done, 0 for what option_fields.def says, or -errno. */
enum { NETSCTP__MINE = 1 };
int netsctp__quirk_set(struct netsctp__handle *, const struct netsctp_option *);
int netsctp__quirk_get(struct netsctp__handle *, struct netsctp_option *);

#endif
