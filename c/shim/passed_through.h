/* Numbers that both stacks pass through as they are, since they are the same
 * ones: those of sctp_records.def. Included behind a stack's header by whoever
 * translates its notifications. */
#ifndef NETSCTP_PASSED_THROUGH_H
#define NETSCTP_PASSED_THROUGH_H

_Static_assert(SCTP_STREAM_RESET_INCOMING_SSN == 1 &&
                   SCTP_STREAM_RESET_OUTGOING_SSN == 2 &&
                   SCTP_STREAM_RESET_DENIED == 4 &&
                   SCTP_STREAM_RESET_FAILED == 8,
               "flags of STREAM_RESET");
_Static_assert(SCTP_ASSOC_RESET_DENIED == 4 && SCTP_ASSOC_RESET_FAILED == 8,
               "flags of ASSOC_RESET");
_Static_assert(SCTP_STREAM_CHANGE_DENIED == 4 && SCTP_STREAM_CHANGE_FAILED == 8,
               "flags of STREAM_CHANGE");

#endif
