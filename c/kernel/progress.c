/* Whether the peer acknowledges what is sent to it. */
#include <errno.h>
#include <linux/sock_diag.h>

#include "kernel/vendor.h"
#include "rfc6458/status.h"

/* Memory of DATA chunks stays queued until the last SACK that they need. */
int netsctp__kernel_outstanding(struct netsctp__socket *socket,
                                int32_t *bytes) {
  uint32_t memory[SK_MEMINFO_VARS] = {0};
  const int result = netsctp__vendor_get(socket, SOL_SOCKET, SO_MEMINFO, memory,
                                         sizeof memory);
  *bytes = (int32_t)memory[SK_MEMINFO_WMEM_QUEUED];
  return result;
}

/* The kernel says how many chunks were unacknowledged when the last SACK came,
 * how many have left by now, and how many SACKs have come. A SACK after which
 * the first two are as before has acknowledged nothing. Where more has left
 * meanwhile, it counts as if it had: not for long, since without being
 * acknowledged no more than a packet's worth leaves (RFC 9260 section 7.2.3).
 */
int netsctp__kernel_acknowledged(struct netsctp__handle *handle,
                                 int32_t *steps) {
  struct netsctp__progress *progress = &handle->socket->progress;
  struct sctp_assoc_stats stats;
  struct sctp_status status;
  if (!netsctp__kernel_counts(handle, &stats) ||
      !netsctp__sctp_status(handle->socket, &status))
    return -ENOTCONN;
  const uint64_t sent = stats.sas_oodchunks + stats.sas_ouodchunks;
  if (stats.sas_isacks != progress->sacks) {
    if (sent != progress->sent ||
        status.sstat_unackdata != progress->unacknowledged ||
        status.sstat_rwnd == 0)
      progress->steps++;
    progress->sacks = stats.sas_isacks;
    progress->sent = sent;
    progress->unacknowledged = status.sstat_unackdata;
  }
  *steps = (int32_t)progress->steps;
  return 0;
}
