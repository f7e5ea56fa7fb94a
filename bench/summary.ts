/** Figures out of results. */
import { BASELINE, DRIVERS } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import type { CounterName, EndReport } from "./ends/window.ts";
import type { Result } from "./one_run.ts";
import { type Trial, TRIALS } from "./trials.ts";

export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** What one end spent on 1,000 messages. */
export interface Cost {
  calls: number;
  syscalls: Record<"receive" | "send" | "other", number>;
  wakes: number;
  cpuMs: number;
}

/** One driver's figures in one trial. */
export interface Row {
  stack: Stack;
  trial: Trial;
  driver: string;
  failures: string[];
  /** Messages a second at the receiver; of a ping-pong, round trips. */
  rate: Spread;
  megabytes: Spread;
  /** Microseconds; of a ping-pong only. */
  p50?: Spread;
  p99?: Spread;
  /** To the baseline, of the same round: of rates (more is better), or of p50 (less is better). */
  ratio?: Spread;
  /** Absent where there is no shim that counts; then only cpuMs is known. */
  client: Partial<Cost>;
  server: Partial<Cost>;
}

type Good = Result & { server: EndReport; client: EndReport };

export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

const rateOf = ({ server }: Good) => server.messages / server.seconds;

/** What is compared: the rate, or the time of a round trip. */
const scoreOf = (trial: Trial, good: Good) =>
  trial.load === "flood" ? rateOf(good) : good.client.roundTrip!.p50;

function costOf(reports: EndReport[]): Partial<Cost> {
  const per1000 = (value: (report: EndReport) => number) =>
    spread(reports.map((report) => 1000 * value(report) / report.messages)).median;
  const cpuMs = per1000(({ cpu }) => cpu * 1000);
  if (!reports.every(({ counters }) => counters)) return { cpuMs };
  const count = (name: CounterName) => per1000(({ counters }) => counters![name]);
  return {
    calls: count("calls"),
    syscalls: {
      receive: count("receiveSyscalls"),
      send: count("sendSyscalls"),
      other: count("otherSyscalls"),
    },
    wakes: count("wakes"),
    cpuMs,
  };
}

function rowOf(stack: Stack, trial: Trial, driver: string, results: Result[]): Row | undefined {
  const of = (name: string) =>
    results.filter((result) =>
      result.stack === stack && result.trial === trial.name && result.driver === name
    );
  const mine = of(driver);
  if (mine.length === 0) return;
  const isGood = (result: Result): result is Good => "server" in result;
  const good = mine.filter(isGood);
  const ratios = good.flatMap((result) => {
    const other = of(BASELINE.name).filter(isGood).find(({ round }) => round === result.round);
    const ratio = other ? scoreOf(trial, result) / scoreOf(trial, other) : NaN;
    return Number.isFinite(ratio) ? [ratio] : [];
  });
  const isPingPong = trial.load === "ping-pong";
  return {
    stack,
    trial,
    driver,
    failures: mine.flatMap((result) => "failure" in result ? [result.failure] : []),
    rate: spread(good.map(rateOf)),
    megabytes: spread(good.map((result) => rateOf(result) * trial.size / 1e6)),
    ...(isPingPong && good.length > 0
      ? {
        p50: spread(good.map(({ client }) => client.roundTrip!.p50)),
        p99: spread(good.map(({ client }) => client.roundTrip!.p99)),
      }
      : {}),
    ...(driver !== BASELINE.name && ratios.length > 0 ? { ratio: spread(ratios) } : {}),
    client: costOf(good.map(({ client }) => client)),
    server: costOf(good.map(({ server }) => server)),
  };
}

/** A row for each driver of each trial of a stack. */
export function summarize(stack: Stack, results: Result[]): Row[] {
  return TRIALS.flatMap((trial) =>
    DRIVERS.flatMap(({ name }) => {
      const row = rowOf(stack, trial, name, results);
      return row ? [row] : [];
    })
  );
}
