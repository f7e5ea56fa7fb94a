/* The options of RFC 6458, the same code for either stack: compiled against the
 * vendor.h of each. */
#ifndef NETSCTP_RFC6458_OPTIONS_H
#define NETSCTP_RFC6458_OPTIONS_H

#include "shim/backend.h"

/* Sets the options of a request, each socket option once; 0 or -errno, of which
 * netsctp_explain() says which row was refused. */
int netsctp__set_options(struct netsctp__handle *,
                         const struct netsctp__request *);
/* Answers the options of a request; 0 or -errno. */
int netsctp__get_options(struct netsctp__handle *,
                         const struct netsctp__request *,
                         struct netsctp__answer *);

/* What differs, in the quirks.c of each stack. Either returns NETSCTP__MINE
 * when all is done, 0 for what option_fields.def says, or -errno. */
enum { NETSCTP__MINE = 1 };
int netsctp__quirk_set(struct netsctp__handle *,
                       const struct netsctp__request *,
                       const struct netsctp_option *);
int netsctp__quirk_get(struct netsctp__handle *,
                       const struct netsctp__request *, struct netsctp_option *,
                       struct netsctp__answer *);

#endif
