/** The end of `bench` that says what is to be done, and tells what came of it. */
import process from "node:process";
import type { Socket } from "../../mod.ts";
import { dial } from "../dial.ts";
import { EXIT, Failure } from "../exit_codes.ts";
import { hangUp } from "../hang_up.ts";
import { type Output, visible } from "../output.ts";
import { chooseStack } from "../stack.ts";
import { onceAborted, stopSignal } from "../stop.ts";
import { formatTarget, type Target } from "../target.ts";
import type { BenchOptions } from "./command.ts";
import { End } from "./end.ts";
import { Intervals, watchIntervals } from "./intervals.ts";
import { showProgress } from "./progress.ts";
import {
  type Control,
  type Direction,
  helloOf,
  type Interval,
  MOST_SECONDS,
  MOST_SIZE,
  MOST_WORDS,
  type Received,
  sendControl,
  type Task,
} from "./protocol.ts";
import { formatInterval, intervalOf, type Result, resultOf, tableOf } from "./result.ts";

/** How long a server may take to say that it is one. */
const READY_MS = 5000;
const DEFAULT_SECONDS = 5;
const DEFAULT_INTERVAL_MS = 1000;

interface Run {
  end: End;
  ready: Promise<void>;
  /** What the server has received. */
  report: Promise<Received>;
  /** Rejects when the association ends before it should. */
  broken: Promise<never>;
}

export async function runClient(target: Target, options: BenchOptions, output: Output): Promise<number> {
  const { stack } = await chooseStack(options, output);
  const task = taskOf(options);
  const runs: Run[] = [];
  const intervals = new Intervals(options.associations, (row) => {
    output.emit({ event: "interval", ...intervalOf(row) });
    output.print(formatInterval(row));
  });
  try {
    for (let i = 0; i < options.associations; i++) {
      const association = { OS: task.streams, MIS: task.streams, maxMessageSize: MOST_SIZE };
      await dial(target, { ...options, stack }, association, (socket) => {
        runs.push(startRun(socket, target, (interval) => intervals.add("up", i + 1, interval)));
      });
    }
    for (const { end } of runs) sendControl(end.socket, helloOf(task));
    await Promise.all(runs.map(({ ready, broken }) => Promise.race([ready, broken])));
    output.note(`${formatTarget(target)} (${stack}): ${formatTask(task, options.associations)}`);
    const tell = (results: readonly Result[]) => {
      intervals.end();
      for (const result of results) output.emit({ event: "result", ...result });
      for (const line of tableOf(results)) output.print(line);
    };
    try {
      tell(await measure(runs, task, intervals));
    } catch (error) {
      // As iperf3: whoever stops it sees what the intervals until then come to.
      const { up, down } = intervals.totals;
      if (stopSignal().aborted && up.length + down.length > 0) {
        tell([...resultsOf("up", up), ...resultsOf("down", down)]);
      }
      throw error;
    }
  } finally {
    await Promise.all(runs.map(({ end }) => hangUp(end.socket)));
  }
  return EXIT.ok;
}

function taskOf(options: BenchOptions): Task {
  const { reverse, bidir, size, streams, time, count, interval: intervalMs = DEFAULT_INTERVAL_MS } = options;
  const direction: Direction = bidir ? "both" : reverse ? "down" : "up";
  const seconds = time === undefined ? (count === undefined ? DEFAULT_SECONDS : MOST_SECONDS) : time / 1000;
  return { direction, size, streams, seconds, intervalMs, ...(count !== undefined && { count }) };
}

function formatTask({ direction, size, streams, seconds, count }: Task, associations: number): string {
  const much = count === undefined ? `${seconds} s` : `${count} messages`;
  return `${direction}, ${much} of ${size} bytes each, associations: ${associations}, streams: ${streams}`;
}

function startRun(socket: Socket, target: Target, onInterval: (interval: Interval) => void): Run {
  let onReady: () => void, onReport: (report: Received) => void, onBroken: (error: Error) => void;
  const ready = new Promise<void>((resolve) => onReady = resolve);
  const report = new Promise<Received>((resolve) => onReport = resolve);
  const broken = new Promise<never>((_, reject) => onBroken = reject);
  broken.catch(() => {}); // whoever waits gets it; nobody need wait
  const where = formatTarget(target);
  const timer = setTimeout(
    () => onBroken(new Failure("NO_BENCH", `${where} is no netsctp bench --server`, EXIT.noEcho)),
    READY_MS,
  );
  let intervals = 0;
  const end = new End(socket, (control: Control) => {
    clearTimeout(timer);
    if (control.ready) onReady();
    if (control.refused) {
      onBroken(new Failure("REFUSED", `${where} refuses: ${visible(control.refused.slice(0, MOST_WORDS))}`));
    }
    if (control.interval) {
      if (control.interval.index !== intervals++) {
        throw new Failure("BAD_MESSAGE", `${where} reports out of order`);
      }
      onInterval(control.interval);
    }
    if (control.report) onReport(control.report);
  });
  socket.once("error", (error) => onBroken(error));
  socket.once("close", () => {
    clearTimeout(timer);
    onBroken(new Failure("EPIPE", `${where} ended the association`, EXIT.aborted));
  });
  onceAborted(stopSignal(), () => {
    onBroken(new Failure("INTERRUPTED", "stopped before it was done", stopSignal().reason));
  });
  return { end, ready, report, broken };
}

async function measure(runs: readonly Run[], task: Task, intervals: Intervals): Promise<Result[]> {
  const isUp = task.direction !== "down", isDown = task.direction !== "up";
  const begun = performance.now();
  // On one terminal, the lines of the intervals show the progress.
  const hasBar = task.intervalMs === 0 || !process.stdout.isTTY;
  const hideProgress = hasBar ? showProgress(() => progressOf(runs, task, begun)) : () => {};
  const endIntervals: (() => void)[] = [];
  try {
    const down = runs.map(({ end }, i) => {
      if (!isDown) return undefined;
      const tell = (interval: Interval) => intervals.add("down", i + 1, interval);
      const tellRest = watchIntervals(end.received, task.intervalMs, tell);
      endIntervals.push(tellRest);
      return end.receiveAll(task).finally(tellRest);
    });
    for (const { end } of runs) {
      sendControl(end.socket, { start: true });
      if (isUp) end.sendAll(task);
    }
    const all = Promise.all([
      isUp ? Promise.all(runs.map(({ report }) => report)) : [],
      isDown ? Promise.all(down as Promise<Received>[]) : [],
    ]);
    const [up, received] = await Promise.race([all, ...runs.map(({ broken }) => broken)]);
    return [...resultsOf("up", up), ...resultsOf("down", received)];
  } finally {
    hideProgress();
    for (const end of endIntervals) end();
  }
}

/** Each one, and where there are several, all: of one direction, on the clock of whoever received. */
function resultsOf(direction: "up" | "down", all: readonly Received[]): Result[] {
  const each = all.map((one, i) => resultOf(direction, i + 1, [one]));
  return all.length > 1 ? [...each, resultOf(direction, "all", all)] : each;
}

function progressOf(runs: readonly Run[], task: Task, begun: number): { done: number; text: string } {
  const seconds = (performance.now() - begun) / 1000;
  const sum = (count: (end: End) => number) => runs.reduce((total, { end }) => total + count(end), 0);
  const sent = sum((end) => end.sent), received = sum(({ received }) => received.messages);
  const most = Math.max(sent, received) / runs.length;
  const done = task.count === undefined ? seconds / task.seconds : most / task.count;
  return { done, text: `${seconds.toFixed(1)} s, ${sent} messages sent, ${received} received` };
}
