/** Wrong checksums: counted by the kernel, and where they may come from. */
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import { counterOf } from "./resources.ts";
import type { System } from "./system.ts";

/** Interfaces without hardware: what leaves their machine without a checksum is wrong. */
const VIRTUAL = /^(veth|virtio_net|xen|vif|hv_netvsc|vmxnet3)/;

export function checksumErrors(system: System): number | undefined {
  return counterOf(system.read("/proc/net/sctp/snmp"), "SctpChecksumErrors");
}

/** @param before the errors there were before the self-test */
export function checksums(context: Context, before: number | undefined): Promise<Finding[]> {
  return Promise.all([counted(context.system, before), ...devices(context.system).map(offload(context))])
    .then((found) => found.flat());
}

function counted(system: System, before: number | undefined): Finding[] {
  const errors = checksumErrors(system);
  if (errors === undefined) return [];
  const data = { errors, before };
  if (before !== undefined && errors > before) {
    return [
      finding("checksum-errors", "broken", `${errors - before} packets of the self-test had a wrong one`, {
        data,
      }),
    ];
  }
  if (errors === 0) return [finding("checksum-errors", "ok", "none since the start", { data })];
  const what =
    `${errors} packets came in with a wrong one since the start: a peer, or what is between, leaves it out`;
  return [finding("checksum-errors", "note", what, { data })];
}

function devices(system: System): string[] {
  return system.list("/sys/class/net").filter((device) => {
    const driver = system.link(`/sys/class/net/${device}/device/driver`)?.split("/").pop() ?? device;
    return VIRTUAL.test(driver);
  });
}

const offload = ({ system, distribution }: Context) => async (device: string): Promise<Finding[]> => {
  const features = await system.run("ethtool", "-k", device);
  if (!/tx-checksum-sctp: on(?! \[fixed\])/.test(features?.stdout ?? "")) return [];
  const what =
    `${device} leaves SCTP's checksum to hardware it does not have: wrong behind some bridges and published ports`;
  return [
    finding("checksum-offload", "note", what, {
      cure: [distribution.asRoot(`ethtool -K ${device} tx-checksum-sctp off`)],
      data: { device },
    }),
  ];
};
