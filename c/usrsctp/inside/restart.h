/* Peers that come back on another UDP port: INITs that wait until it is known
 * whether the port of before is still there. With the stack's lock held. */
#ifndef NETSCTP_USRSCTP_RESTART_H
#define NETSCTP_USRSCTP_RESTART_H

#include <stdint.h>

/* The association with this tag of ours is over, as its peer is gone. */
void netsctp__restart_ended(uint32_t tag);

/* Refuses what has waited long enough; when to do that next. */
void netsctp__restart_expire(void);
uint64_t netsctp__restart_deadline(void);

/* A packet was processed. */
void netsctp__restart_answered(void);

#endif
