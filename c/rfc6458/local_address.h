/* Adding and removing an address of an association's own end. */
#ifndef NETSCTP_RFC6458_LOCAL_ADDRESS_H
#define NETSCTP_RFC6458_LOCAL_ADDRESS_H

#include "shim/backend.h"

/* What a row of scope LOCAL says: 0 or -errno. */
int netsctp__change_local(struct netsctp__handle *,
                          const struct netsctp__request *,
                          const struct netsctp_option *);

#endif
