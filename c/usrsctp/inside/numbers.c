/* Numbers of usrsctp's insides that leave it as they are, or that ours stand
 * for: those of the wire, by RFC 9260. Nothing here is code. Those of its
 * public header are in rfc6458/notifications.c. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include "sctp_shim.h"

_Static_assert(SCTP_DATA_LAST_FRAG == 1 && SCTP_DATA_FIRST_FRAG == 2 &&
                   SCTP_DATA_NOT_FRAG == 3 && SCTP_DATA_UNORDERED == 4 &&
                   SCTP_DATA_SACK_IMMEDIATELY == 8,
               "send_flags of SEND_FAILED");
_Static_assert(
    SCTP_CAUSE_INVALID_STREAM == 1 && SCTP_CAUSE_MISSING_PARAM == 2 &&
        SCTP_CAUSE_STALE_COOKIE == 3 && SCTP_CAUSE_OUT_OF_RESC == 4 &&
        SCTP_CAUSE_UNRESOLVABLE_ADDR == 5 && SCTP_CAUSE_UNRECOG_CHUNK == 6 &&
        SCTP_CAUSE_INVALID_PARAM == 7 && SCTP_CAUSE_UNRECOG_PARAM == 8 &&
        SCTP_CAUSE_NO_USER_DATA == 9 && SCTP_CAUSE_COOKIE_IN_SHUTDOWN == 10 &&
        SCTP_CAUSE_RESTART_W_NEWADDR == 11 &&
        SCTP_CAUSE_USER_INITIATED_ABT == 12 &&
        SCTP_CAUSE_PROTOCOL_VIOLATION == 13,
    "error causes, RFC 9260 section 3.3.10");
_Static_assert(SCTP_CAUSE_DELETING_LAST_ADDR == 0xa0 &&
                   SCTP_CAUSE_RESOURCE_SHORTAGE == 0xa1 &&
                   SCTP_CAUSE_DELETING_SRC_ADDR == 0xa2 &&
                   SCTP_CAUSE_ILLEGAL_ASCONF_ACK == 0xa3 &&
                   SCTP_CAUSE_REQUEST_REFUSED == 0xa4 &&
                   SCTP_CAUSE_UNSUPPORTED_HMACID == 0x105,
               "error causes, RFC 5061 section 4.3 and RFC 4895 section 4.1");

_Static_assert(SCTP_PR_SCTP_ALL == 0x000f, "all policies, usrsctp/vendor.h");

/* What the guard found in a packet is compared with these
 * (usrsctp/inside/tags.c and usrsctp/inside/shutdown.c). */
_Static_assert(SCTP_DATA == 0 && SCTP_INITIATION == 1 &&
                   SCTP_INITIATION_ACK == 2 && SCTP_HEARTBEAT_REQUEST == 4 &&
                   SCTP_ABORT_ASSOCIATION == 6 && SCTP_SHUTDOWN == 7 &&
                   SCTP_SHUTDOWN_ACK == 8 && SCTP_COOKIE_ECHO == 10 &&
                   SCTP_COOKIE_ACK == 11 && SCTP_SHUTDOWN_COMPLETE == 14 &&
                   SCTP_PACKET_DROPPED == 129,
               "types of chunks, RFC 9260 section 3.2");
_Static_assert(SCTP_HAD_NO_TCB == 1, "the T bit, RFC 9260 section 3.3.7");
