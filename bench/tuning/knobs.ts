/** What a user can turn. */
import process from "node:process";
import type { Driver, Stack } from "../drivers/driver.ts";
import type { Manner } from "./loads.ts";

export interface Knob {
  /** As the table has it. */
  readonly name: string;
  /** What it is measured beside, in every round. */
  readonly base: string;
  /** Absent: both. */
  readonly stack?: Stack;
  readonly manner?: Manner;
  readonly environment?: Record<string, string>;
  readonly nodeFlags?: readonly string[];
  /** Runs as nobody, with these as net.core.rmem_max and wmem_max: in the guest only, as they are the whole system's. */
  readonly limits?: readonly [receive: number, send: number];
}

export const DEFAULTS = "defaults";
/** What the same is worth beside itself: the noise. */
export const CONTROL = "defaults, once more";
export const NOBODY = "unprivileged, limits of 208 KB";
const DOWNLOAD = "`'data'` of a client";
const KB = 1024;

const option = (name: string, options: object, more: Partial<Knob> = {}): Knob => ({
  name: `\`${name}\``,
  base: DEFAULTS,
  manner: { options },
  ...more,
});

const talking = (name: string, options: object): Knob =>
  option(name, options, { manner: { options, withTalks: true } });

const SIZES = {
  "16 KB": 16 * KB,
  "64 KB": 64 * KB,
  "256 KB": 256 * KB,
  "1 MB": 1024 * KB,
  "4 MB": 4096 * KB,
};
const sized = (name: string, labels: Array<keyof typeof SIZES>, stack?: Stack): Knob[] =>
  labels.map((label) => option(`${name}: ${label}`, { [name]: SIZES[label] }, stack ? { stack } : {}));

export const KNOBS: readonly Knob[] = [
  { name: DEFAULTS, base: DEFAULTS, manner: { withTalks: true } },
  { name: CONTROL, base: DEFAULTS, manner: { withTalks: true } },
  talking("noDelay: false", { noDelay: false }),
  talking("sack: { freq: 1 }", { sack: { freq: 1 } }),
  talking("sack: { delay: 10 }", { sack: { delay: 10 } }),
  ...sized("highWaterMark", ["16 KB", "256 KB", "1 MB"]),
  ...sized("sendBufferSize", ["64 KB", "256 KB", "4 MB"]),
  ...sized("recvBufferSize", ["64 KB", "256 KB"]),
  ...sized("recvBufferSize", ["1 MB"], "kernel"),
  ...sized("recvBufferSize", ["4 MB"], "userspace"),
  {
    name: "both buffers 64 KB",
    base: DEFAULTS,
    manner: { options: { sendBufferSize: 64 * KB, recvBufferSize: 64 * KB } },
  },
  { name: "one `write()` a turn", base: DEFAULTS, manner: { write: "one a turn" } },
  { name: "each `write()` awaited", base: DEFAULTS, manner: { write: "awaited" } },
  { name: "`for await` in place of `'data'`", base: DEFAULTS, manner: { read: "for await" } },
  { name: DOWNLOAD, base: DOWNLOAD, manner: { isDownload: true } },
  { name: "`onread` in place of it", base: DOWNLOAD, manner: { isDownload: true, read: "onread" } },
  {
    name: "`MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=33554432`",
    base: DEFAULTS,
    environment: { MALLOC_TRIM_THRESHOLD_: "67108864", MALLOC_MMAP_THRESHOLD_: "33554432" },
  },
  { name: "`node --max-semi-space-size=64`", base: DEFAULTS, nodeFlags: ["--max-semi-space-size=64"] },
  { name: NOBODY, base: NOBODY, stack: "kernel", limits: [208 * KB, 208 * KB] },
  {
    name: "unprivileged, `net.core.rmem_max` 8 MB, `wmem_max` 1 MB",
    base: NOBODY,
    stack: "kernel",
    limits: [8192 * KB, 1024 * KB],
  },
];

export function knobNamed(name: string): Knob {
  return KNOBS.find((knob) => knob.name === name)!;
}

const AS_NOBODY = 'sysctl -qw net.core.rmem_max="$1" net.core.wmem_max="$2"; shift 2; ' +
  'exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"';

/** Both ends with this knob turned. */
export function driverOf({ name, manner, environment, nodeFlags, limits }: Knob): Driver {
  const variables = { NETSCTP_BENCH_TUNING: JSON.stringify(manner ?? {}), ...environment };
  const command = [
    ...(limits ? ["sh", "-c", AS_NOBODY, "sh", ...limits.map(String)] : []),
    "env",
    ...Object.entries(variables).map(([variable, value]) => `${variable}=${value}`),
    process.execPath,
    ...nodeFlags ?? [],
    "build/bench/tuning.js",
  ];
  return { name, about: name, command: () => command };
}
