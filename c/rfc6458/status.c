#include "vendor.h"

#include <errno.h>
#include <string.h>

#include "rfc6458/status.h"

#define SAME(theirs, ours)                                                     \
  case SCTP_##theirs:                                                          \
    return ours

static uint32_t association_status(int32_t state) {
  switch (state) {
    SAME(CLOSED, NETSCTP_ASSOC_STATUS_CLOSED);
    SAME(COOKIE_WAIT, NETSCTP_ASSOC_STATUS_COOKIE_WAIT);
    SAME(COOKIE_ECHOED, NETSCTP_ASSOC_STATUS_COOKIE_ECHOED);
    SAME(ESTABLISHED, NETSCTP_ASSOC_STATUS_ESTABLISHED);
    SAME(SHUTDOWN_PENDING, NETSCTP_ASSOC_STATUS_SHUTDOWN_PENDING);
    SAME(SHUTDOWN_SENT, NETSCTP_ASSOC_STATUS_SHUTDOWN_SENT);
    SAME(SHUTDOWN_RECEIVED, NETSCTP_ASSOC_STATUS_SHUTDOWN_RECEIVED);
    SAME(SHUTDOWN_ACK_SENT, NETSCTP_ASSOC_STATUS_SHUTDOWN_ACK_SENT);
  default:
    return NETSCTP_ASSOC_STATUS_EMPTY;
  }
}

static uint32_t path_status(int32_t state) {
  switch (state) {
    SAME(INACTIVE, NETSCTP_PATH_STATUS_INACTIVE);
    SAME(PF, NETSCTP_PATH_STATUS_POTENTIALLY_FAILED);
    SAME(ACTIVE, NETSCTP_PATH_STATUS_ACTIVE);
    SAME(UNCONFIRMED, NETSCTP_PATH_STATUS_UNCONFIRMED);
  default:
    return NETSCTP_PATH_STATUS_UNKNOWN;
  }
}
#undef SAME

bool netsctp__sctp_status(struct netsctp__socket *socket,
                          struct sctp_status *out) {
  *out = (struct sctp_status){0};
  return netsctp__vendor_get(socket, IPPROTO_SCTP, SCTP_STATUS, out,
                             sizeof *out) == 0;
}

int netsctp__backend_status(struct netsctp__handle *handle,
                            struct netsctp_status *out) {
  struct sctp_status status;
  if (!netsctp__sctp_status(handle->socket, &status))
    return -ENOTCONN;
  out->state = association_status(status.sstat_state);
  out->unacknowledged = status.sstat_unackdata;
  out->pending = status.sstat_penddata;
  out->inbound_streams = status.sstat_instrms;
  out->outbound_streams = status.sstat_outstrms;
  out->fragmentation_point = status.sstat_fragmentation_point;
  out->peer_rwnd = status.sstat_rwnd;
  return netsctp__quirk_status(handle, out) ? 0 : -ENOTCONN;
}

int netsctp__backend_statistics(struct netsctp__handle *handle,
                                struct netsctp_statistics *out) {
  struct sctp_prstatus abandoned = {.sprstat_assoc_id =
                                        (sctp_assoc_t)handle->association_id,
                                    .sprstat_policy = SCTP_PR_SCTP_ALL};
  if (netsctp__vendor_get(handle->socket, IPPROTO_SCTP, SCTP_PR_ASSOC_STATUS,
                          &abandoned, sizeof abandoned) < 0)
    return -ENOTCONN;
  out->abandoned_unsent = abandoned.sprstat_abandoned_unsent;
  out->abandoned_sent = abandoned.sprstat_abandoned_sent;
  return netsctp__quirk_statistics(handle, out) ? 0 : -ENOTCONN;
}

static void read_path(struct netsctp__socket *socket,
                      struct netsctp_path *path) {
  struct sctp_paddrinfo info = {0};
  struct sctp_paddrparams params = {0};
  union netsctp__sockaddr address;
  path->state = NETSCTP_PATH_STATUS_UNKNOWN;
  if (netsctp__to_sockaddr(&path->address, &address) < 0)
    return;
  memcpy(&info.spinfo_address, &address, sizeof address);
  if (netsctp__vendor_get(socket, IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &info,
                          sizeof info) < 0)
    return;
  path->state = (uint16_t)path_status(info.spinfo_state);
  path->cwnd = info.spinfo_cwnd;
  path->srtt_ms = info.spinfo_srtt;
  path->rto_ms = info.spinfo_rto;
  path->mtu = info.spinfo_mtu;
  memcpy(&params.spp_address, &address, sizeof address);
  if (netsctp__vendor_get(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &params,
                          sizeof params) == 0) {
    path->max_retransmissions = params.spp_pathmaxrxt;
    if (params.spp_flags & SPP_HB_ENABLE)
      path->heartbeat_ms = params.spp_hbinterval;
  }
  netsctp__quirk_path(socket, path);
}

int netsctp__backend_paths(struct netsctp__handle *handle,
                           struct netsctp_path *out, uint32_t count) {
  enum { MOST = 256 };
  struct netsctp_address addresses[MOST];
  struct sctp_status status;
  if (!netsctp__sctp_status(handle->socket, &status))
    return -ENOTCONN;
  const int total =
      netsctp__backend_addresses(handle, NETSCTP_SIDE_REMOTE, addresses, MOST);
  if (total < 0)
    return total;
  if ((uint32_t)total > count)
    return -ENOBUFS;
  for (int i = 0; i < total; i++) {
    out[i] = (struct netsctp_path){.address = addresses[i]};
    read_path(handle->socket, &out[i]);
  }
  return total;
}
