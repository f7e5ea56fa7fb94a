/* How an association and its paths are (RFC 6458 section 8.2), the same code
 * for either stack: compiled against the vendor.h of each. It is
 * netsctp__backend_status(), netsctp__backend_statistics() and
 * netsctp__backend_paths(). */
#ifndef NETSCTP_RFC6458_STATUS_H
#define NETSCTP_RFC6458_STATUS_H

#include "shim/backend.h"

struct sctp_status;

/* What SCTP_STATUS tells; false: there is no association. */
bool netsctp__sctp_status(struct netsctp__socket *, struct sctp_status *out);

/* What differs, in each stack's own files: what SCTP_STATUS does not tell, what
 * is counted beside abandoned messages (false: there is no association), and
 * times and sizes of a path. */
bool netsctp__quirk_status(struct netsctp__handle *, struct netsctp_status *);
bool netsctp__quirk_statistics(struct netsctp__handle *,
                               struct netsctp_statistics *);
void netsctp__quirk_path(struct netsctp__socket *, struct netsctp_path *);

#endif
