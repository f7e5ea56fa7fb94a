/**
 * Figures out of results. A figure has a name, and "NAME to OTHER" is its ratio to another driver's, or to that of the
 * same driver in another trial, of the same round.
 */
import { DRIVERS, isOurs } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import { type CounterName, type EndReport, SHARES } from "./ends/window.ts";
import { type Failed, type Good, isGood, type Result } from "./one_run.ts";
import { totalOf } from "./syscalls.ts";
import { type Kind, type Trial, trialNamed, TRIALS } from "./trials.ts";

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Of one run, by name. */
export type Figures = Record<string, number>;

/** One driver's figures in one trial. */
export interface Row {
  stack: Stack;
  trial: string;
  driver: string;
  rounds: number;
  failures: string[];
  figures: Record<string, Spread>;
  /** Microseconds at SHARES: medians over the rounds. */
  roundTrip?: number[];
}

/** What a trial's drivers are compared by. */
export const COMPARED: Partial<Record<Kind, readonly string[]>> = {
  "flood": ["rate"],
  "ping-pong": ["p50", "p99"],
  "window": ["rate"],
  "cycles": ["rate"],
};

/** Whether more of it is better. */
export const isMoreBetter = (figure: string): boolean => /^(rate|megabytes)\b/.test(figure);

const ENDS = ["client", "server"] as const;

function endFigures(end: string, report: EndReport): Record<string, number> {
  const { messages, cpu, counters, memory, seconds, syscalls } = report;
  const per1000 = (count: number) => 1000 * count / messages;
  const count = (...names: CounterName[]) => per1000(names.reduce((sum, name) => sum + counters![name], 0));
  return {
    [`cpu ${end}`]: messages > 0 ? 1e6 * cpu / messages : NaN,
    [`load ${end}`]: 100 * cpu / seconds,
    ...(counters && messages > 0
      ? {
        [`calls ${end}`]: count("calls"),
        [`wakes ${end}`]: count("wakes"),
        [`counted ${end}`]: count("receiveSyscalls", "sendSyscalls", "otherSyscalls"),
      }
      : {}),
    ...(syscalls ? { [`syscalls ${end}`]: per1000(totalOf(syscalls)) } : {}),
    ...(memory?.heap !== undefined ? { [`heap ${end}`]: memory.heap } : {}),
    ...(memory ? { [`native ${end}`]: memory.resident } : {}),
  };
}

const P50 = SHARES.indexOf(0.5);
const P99 = SHARES.indexOf(0.99);

/** Microseconds, bytes, percent; counts are for 1,000 messages. */
export function figuresOf(trial: Trial, { server, client }: Good): Figures {
  const ends = Object.assign({}, ...ENDS.map((end) => endFigures(end, { server, client }[end])));
  if (trial.kind === "idle") return { ...ends, "kernel memory": client.memory!.kernel };
  // A flood is through where it arrives; all else where it began.
  const counted = trial.load === "flood" || trial.load === "options" ? server : client;
  const rate = counted.messages / counted.seconds;
  return {
    rate,
    megabytes: rate * trial.size / 1e6,
    cpu: ends["cpu client"] + ends["cpu server"],
    ...(client.roundTrip ? { p50: client.roundTrip[P50]!, p99: client.roundTrip[P99]! } : {}),
    ...ends,
  };
}

export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** Of one stack: the figures of each run, to be found by trial, driver and round. */
class Runs {
  readonly #figures = new Map<string, Record<string, number>>();

  constructor(good: Good[]) {
    for (const run of good) {
      this.#figures.set(this.#key(run.trial, run.driver, run.round), figuresOf(trialNamed(run.trial)!, run));
    }
  }

  #key(trial: string, driver: string, round: number): string {
    return `${trial}/${driver}/${round}`;
  }

  get(trial: string, driver: string, round: number): Record<string, number> {
    return this.#figures.get(this.#key(trial, driver, round)) ?? {};
  }

  /** With the ratios. */
  all(trial: Trial, { stack, driver, round }: Good): Record<string, number> {
    const mine = this.get(trial.name, driver, round);
    const figures = { ...mine };
    const others = trial.drivers[stack].filter((name) => name !== driver && !isOurs(name));
    for (const name of COMPARED[trial.kind] ?? []) {
      for (const other of others) {
        figures[`${name} to ${other}`] = mine[name]! / this.get(trial.name, other, round)[name]!;
      }
    }
    if (trial.basis) {
      const { figure, name } = trial.basis;
      figures[`${figure} to ${name}`] = mine[figure]! / this.get(trial.basis.trial, driver, round)[figure]!;
    }
    return figures;
  }
}

function rowOf(stack: Stack, trial: Trial, driver: string, results: Result[], runs: Runs): Row | undefined {
  const mine = results.filter((result) => result.trial === trial.name && result.driver === driver);
  if (mine.length === 0) return;
  const good = mine.filter(isGood);
  const all = good.map((result) => runs.all(trial, result));
  const figures: Record<string, Spread> = {};
  for (const name of new Set(all.flatMap(Object.keys))) {
    const values = all.map((one) => one[name] ?? NaN).filter(Number.isFinite);
    if (values.length > 0) figures[name] = spread(values);
  }
  const trips = good.flatMap(({ client }) => client.roundTrip ? [client.roundTrip] : []);
  return {
    stack,
    trial: trial.name,
    driver,
    rounds: good.length,
    failures: mine.filter((result): result is Failed => !isGood(result)).map(({ failure }) => failure),
    figures,
    ...(trips.length > 0
      ? { roundTrip: SHARES.map((_, i) => spread(trips.map((trip) => trip[i]!)).median) }
      : {}),
  };
}

/** A row for each driver of each trial of a stack. */
export function rowsOf(stack: Stack, results: Result[]): Row[] {
  const here = results.filter((result) => result.stack === stack);
  const runs = new Runs(here.filter(isGood));
  return TRIALS.flatMap((trial) =>
    DRIVERS.flatMap(({ name }) => rowOf(stack, trial, name, here, runs) ?? [])
  );
}
