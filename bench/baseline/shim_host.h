#ifndef NETSCTP_BENCH_SHIM_HOST_H
#define NETSCTP_BENCH_SHIM_HOST_H

/* What the shim takes for an environment of Node-API. */
void *host_environment(void);

/* Waits for the shim's loop, or a signal, and lets it wake. */
void host_wait(void);

#endif
