import process from "node:process";
import type { Driver } from "./driver.ts";

const BASELINE = "build/bench/baseline";

/** What ours is compared with. */
export const c: Driver = {
  name: "c",
  about: "C, driving the same shared object in the same batches",
  command: (stack) => [BASELINE, `${process.env.NETSCTP_LIBRARY || "build"}/netsctp_${stack}.so`],
};

export const cSockets: Driver = {
  name: "c-sockets",
  about:
    "C over plain sockets, one `send()` or `recvmsg()` a message: blocking; under epoll where there are many",
  command: () => [BASELINE, "sockets"],
};

export const cMmsg: Driver = {
  name: "c-mmsg",
  about: "C over plain blocking sockets, `sendmmsg()` and `recvmmsg()` of 64 messages",
  command: () => [BASELINE, "mmsg"],
};
