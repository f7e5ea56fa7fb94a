/* The notifications of RFC 6458 section 6.1, the same code for either stack:
 * compiled against the vendor.h of each. */
#ifndef NETSCTP_RFC6458_NOTIFICATIONS_H
#define NETSCTP_RFC6458_NOTIFICATIONS_H

#include "shim/backend.h"
#include "shim/close_reason.h"

/* The stack's number of a NETSCTP_NOTIFICATION_*, for SCTP_EVENT; 0: there is
 * no such type. */
uint16_t netsctp__event_type(uint32_t notification);

/* Has the stack tell of all but those that hardly anybody wants. */
void netsctp__subscribe_usual(struct netsctp__socket *);

/* Where a notification's raw bytes are put before they are made a record. */
enum {
  NETSCTP__NOTIFICATION_HEAD =
      sizeof(struct netsctp_inbound) + sizeof(struct netsctp_notification)
};
/* Makes an inbound record of the `length` raw bytes that are in place already,
 * and keeps the error cause of one that says that the association is lost;
 * NULL: it is known already. */
struct netsctp_notification *
netsctp__write_notification(struct netsctp_inbound *out, uint32_t length,
                            bool is_whole, struct netsctp__cause **cause);
/* The same of more of its bytes, which lie behind the record's head. */
void netsctp__write_rest(struct netsctp_inbound *out, uint32_t length,
                         bool is_last, uint32_t association);

#endif
