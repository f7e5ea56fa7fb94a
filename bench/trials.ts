/** What is measured. A trial is one load between two processes. */
import type { Stack } from "./drivers/driver.ts";
import type { Task } from "./ends/task.ts";

/** The kinds of trials: each has a table of its own. */
export type Kind =
  | "flood"
  | "options"
  | "ping-pong"
  | "window"
  | "cycles"
  | "associations"
  | "idle"
  | "tcp"
  | "system calls";

export interface Trial extends Pick<Task, "load" | "size" | "associations" | "outstanding"> {
  readonly kind: Kind;
  readonly name: string;
  /** Who takes part, on each stack; what ours is compared with first. */
  readonly drivers: Record<Stack, readonly string[]>;
  /** How often, where the plan's rounds are more than it needs. */
  readonly rounds?: number;
  /** In the full run or in the quick one alone. */
  readonly only?: Plan["name"];
  /** Another trial, whose figure of the same driver in the same round this one's is divided by. */
  readonly basis?: Basis;
}

export interface Basis {
  readonly trial: string;
  readonly figure: "rate" | "cpu";
  /** The ratio is named "FIGURE to NAME". */
  readonly name: string;
}

const OURS = ["node", "deno"];
const each = (userspace: string[], kernel: string[], ours = OURS) => ({
  userspace: [...userspace, ...ours],
  kernel: [...kernel, ...ours],
});

const SMALL = { "64 B": 64, "270 B": 270, "1 KB": 1024 };
const SIZES = { ...SMALL, "8 KB": 8192, "64 KB": 65536 };

function sized(sizes: Record<string, number>, make: (size: number) => Omit<Trial, "name">): Trial[] {
  return Object.entries(sizes).map(([label, size]) => {
    const trial = make(size);
    return { ...trial, name: `${trial.kind} ${label}` };
  });
}

const one = { associations: 1, outstanding: 1 };

const floods = sized(SIZES, (size) => ({
  ...one,
  kind: "flood",
  load: "flood",
  size,
  drivers: each(["c"], ["c-sockets", "c-mmsg", "c"]),
}));

const options = sized({ "64 B": 64, "270 B": 270 }, (size) => ({
  ...one,
  kind: "options",
  load: "options",
  size,
  drivers: each([], []),
})).map((trial): Trial => ({
  ...trial,
  basis: { trial: trial.name.replace("options", "flood"), figure: "rate", name: "plain" },
}));

const pingPongs = sized({ "64 B": 64, "1 KB": 1024 }, (size) => ({
  ...one,
  kind: "ping-pong",
  load: "echo",
  size,
  drivers: each(["c"], ["c-sockets", "c"]),
}));

const window: Trial = {
  kind: "window",
  name: "window 100",
  load: "echo",
  size: 270,
  associations: 1,
  outstanding: 100,
  drivers: each(["c"], ["c-sockets", "c"]),
};

const cycles = [["one by one", 1] as const, ["100 at a time", 100] as const].map((
  [how, outstanding],
): Trial => ({
  kind: "cycles",
  name: `cycles ${how}`,
  load: "cycle",
  size: 64,
  associations: 1,
  outstanding,
  drivers: each(["c"], ["c-sockets"]),
}));

/** The name of a ratio to one association. */
export const SELF = "1 association";

const COUNTS = [1, 100, 1_000, 10_000];
const notQuick = (count: number) => count > 1_000 ? { only: "full" as const } : {};

/** One message on its way in all, whatever the number of associations: so the same packets, and nothing to batch. */
const associations = COUNTS.map((count): Trial => ({
  kind: "associations",
  name: `associations ${count.toLocaleString("en-US")}`,
  load: "scale",
  size: 270,
  associations: count,
  outstanding: 1,
  drivers: each(["c"], ["c-sockets"]),
  ...notQuick(count),
  ...(count > 1 && { basis: { trial: "associations 1", figure: "cpu", name: SELF } }),
}));

const busyAssociations = COUNTS.slice(1).map((count): Trial => ({
  kind: "associations",
  name: `associations ${count.toLocaleString("en-US")}, 100 messages`,
  load: "scale",
  size: 270,
  associations: count,
  outstanding: 100,
  drivers: each(["c"], ["c-sockets"]),
  rounds: 1,
  ...notQuick(count),
}));

const idle = [[1_000, "quick"] as const, [10_000, "full"] as const].map(([count, only]): Trial => ({
  kind: "idle",
  name: `idle ${count.toLocaleString("en-US")}`,
  load: "idle",
  size: 64,
  associations: count,
  outstanding: 1,
  drivers: each(["c"], ["c-sockets"]),
  rounds: 1,
  only,
}));

const tcp = sized(SIZES, (size) => ({
  ...one,
  kind: "tcp",
  load: "flood",
  size,
  drivers: each([], [], ["node-tcp", "deno-tcp"]),
  rounds: 2,
}));

/** Under strace, which slows everything down: only the counts mean something. */
const systemCalls = sized(SMALL, (size) => ({
  ...one,
  kind: "system calls",
  load: "flood",
  size,
  drivers: each(["c"], ["c-sockets"]),
  rounds: 1,
}));

export const TRIALS: readonly Trial[] = [
  ...floods,
  ...options,
  ...pingPongs,
  window,
  ...cycles,
  ...associations,
  ...busyAssociations,
  ...idle,
  ...tcp,
  ...systemCalls,
];

export function trialNamed(name: string): Trial | undefined {
  return TRIALS.find((trial) => trial.name === name);
}

/** How long and how often. The drivers take turns in every round, so that noise hits all alike. */
export interface Plan {
  readonly name: "full" | "quick";
  readonly rounds: number;
  /** The guest takes its time to run anything for the first time: a page it has not touched costs it 50 us and more. */
  readonly warmUpMs: Record<Stack, number>;
  readonly runMs: number;
  /** The same for idle associations. Full: longer than the 30 s after which each sends a heartbeat. */
  readonly settleMs: number;
  readonly idleMs: number;
}

export const FULL: Plan = {
  name: "full",
  rounds: 5,
  // After half a second V8 still compiles: of two versions the one with more code then looks slower by a tenth.
  warmUpMs: { userspace: 2000, kernel: 2000 },
  runMs: 1000,
  settleMs: 3000,
  idleMs: 35_000,
};
export const QUICK: Plan = {
  name: "quick",
  rounds: 2,
  warmUpMs: { userspace: 300, kernel: 1000 },
  runMs: 500,
  settleMs: 1000,
  idleMs: 2000,
};
