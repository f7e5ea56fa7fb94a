/* How an association and its paths are (RFC 6458 section 8.2), the same code
 * for either stack: compiled against the vendor.h of each. */
#ifndef NETSCTP_RFC6458_STATUS_H
#define NETSCTP_RFC6458_STATUS_H

#include "shim/backend.h"

/* As netsctp__backend_status() and netsctp__backend_paths(). */
int netsctp__read_status(struct netsctp__handle *, struct netsctp_status *out);
int netsctp__read_paths(struct netsctp__handle *, struct netsctp_path *out,
                        uint32_t count);

/* What differs, in each stack's own files: what SCTP_STATUS does not tell
 * (false: there is no association), times and sizes of a path, and the
 * addresses of the peer, as netsctp__backend_addresses() has them. */
bool netsctp__quirk_status(struct netsctp__handle *, struct netsctp_status *);
void netsctp__quirk_path(struct netsctp__socket *, struct netsctp_path *);
int netsctp__quirk_remotes(struct netsctp__handle *,
                           struct netsctp_address *out, uint32_t count);

#endif
