/** The largest socket buffers that the kernel gives. Its limit is for processes without CAP_NET_ADMIN. */
import { hasCapability } from "./capabilities.ts";
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";

// docs/tuning.md has the measurements: four times the default window of 2 MB, and the default send buffer.
const RECEIVE = { parameter: "rmem_max", wanted: 8 * 1024 * 1024, id: "receive-buffer" } as const;
const SEND = { parameter: "wmem_max", wanted: 1024 * 1024, id: "send-buffer" } as const;

export function buffers(context: Context): Finding[] {
  return [RECEIVE, SEND].flatMap((limit) => check(context, limit));
}

function check(
  { system, distribution, stacks }: Context,
  { parameter, wanted, id }: typeof RECEIVE | typeof SEND,
): Finding[] {
  const text = system.read(`/proc/sys/net/core/${parameter}`);
  if (text === undefined) return []; // older kernels hide it in a network namespace
  const bytes = Number(text);
  const data = { bytes, wanted };
  const name = `net.core.${parameter}`;
  if (bytes >= wanted) return [finding(id, "ok", `${name} is ${bytes}`, { data })];
  const cure = [distribution.asRoot(`sysctl -w ${name}=${wanted}`)];
  if (!stacks.kernel.usable) {
    const what = `${name} is ${bytes}; the kernel's SCTP would want ${wanted}`;
    return [finding(id, "note", what, { cure, data })];
  }
  if (hasCapability(system, "CAP_NET_ADMIN")) {
    const what = `${name} is ${bytes}, which is no limit for this process (CAP_NET_ADMIN); for others`;
    return [finding(id, "note", what, { cure, data })];
  }
  const what = id === "receive-buffer"
    ? `${name} is ${bytes}: a flood of small messages is dropped and repeated (wanted: ${wanted})`
    : `${name} is ${bytes}: larger messages fail with EMSGSIZE above twice of that (wanted: ${wanted})`;
  return [finding(id, "slow", what, { cure, data })];
}
