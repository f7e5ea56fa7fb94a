#include "vendor.h"

#include "rfc6458/messages.h"

void netsctp__write_message(struct netsctp_inbound *out, uint32_t length,
                            bool is_last, const struct sctp_rcvinfo *info) {
  uint16_t flags = 0;
  if (is_last)
    flags |= NETSCTP_FLAG_END_OF_RECORD;
  if (info->rcv_flags & SCTP_UNORDERED)
    flags |= NETSCTP_FLAG_UNORDERED;
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(sizeof *out + length),
      .kind = NETSCTP_KIND_MESSAGE,
      .flags = flags,
      .length = length,
      .ppid = ntohl(info->rcv_ppid),
      .sid = info->rcv_sid,
      .ssn = info->rcv_ssn,
      .tsn = info->rcv_tsn,
      .cumulative_tsn = info->rcv_cumtsn,
      .association = (uint32_t)info->rcv_assoc_id,
  };
}

bool netsctp__send_info(const struct netsctp_outbound *message,
                        struct sctp_sndinfo *info, struct sctp_prinfo *policy) {
  static const uint16_t policies[] = {
      [NETSCTP_POLICY_NONE] = SCTP_PR_SCTP_NONE,
      [NETSCTP_POLICY_TIME_TO_LIVE] = SCTP_PR_SCTP_TTL,
      [NETSCTP_POLICY_RETRANSMISSIONS] = SCTP_PR_SCTP_RTX,
      [NETSCTP_POLICY_PRIORITY] = SCTP_PR_SCTP_PRIO,
  };
  *info = (struct sctp_sndinfo){.snd_sid = message->sid,
                                .snd_ppid = htonl(message->ppid),
                                .snd_context = message->context};
  if (message->flags & NETSCTP_FLAG_UNORDERED)
    info->snd_flags |= SCTP_UNORDERED;
  if (message->flags & NETSCTP_FLAG_SACK_IMMEDIATELY)
    info->snd_flags |= SCTP_SACK_IMMEDIATELY;
  *policy = (struct sctp_prinfo){.pr_policy = policies[message->policy],
                                 .pr_value = message->policy_value};
  return message->policy != NETSCTP_POLICY_NONE;
}
