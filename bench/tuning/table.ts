/** Figures of knobs: each beside what it is measured against, shortly before and after. */
import { type Spread, spread } from "../figures.ts";
import { isGood, type Result } from "../one_run.ts";
import { type EndReport, SHARES } from "../ends/window.ts";
import { type Cells, median, number } from "../text.ts";
import { CONTROL, DEFAULTS, type Knob, knobNamed, KNOBS } from "./knobs.ts";
import { type Load, LOADS, loadsOf } from "./loads.ts";

type Parts = EndReport & { parts: EndReport[] };

const P50 = SHARES.indexOf(0.5);

// A knob does something if all its rounds are this far from 1, and beyond what the defaults themselves are.
const CLEAR = 0.1;

/** Messages a second that came in, or microseconds until the answer. */
function figureOf(result: Result, load: Load): number {
  if (!isGood(result)) return NaN;
  const { manner = {} } = knobNamed(result.driver);
  const index = loadsOf(manner).findIndex(({ name }) => name === load.name);
  const [server, client] = [result.server, result.client].map((end) => (end as Parts).parts[index]);
  if (!server || !client) return NaN;
  if (load.messages) return client.roundTrip![P50] ?? NaN; // null if none came within the time
  const { messages, seconds } = manner.isDownload ? client : server;
  return messages / seconds;
}

/** What a run is measured beside: the mean of the runs before and after it. */
function baseOf(results: Result[], at: number, base: string, load: Load): number {
  const isBase = ({ driver }: Result) => driver === base;
  const around = [results.slice(0, at).findLast(isBase), results.slice(at).find(isBase)];
  const figures = around.map((one) => one ? figureOf(one, load) : NaN).filter(Number.isFinite);
  return figures.reduce((sum, one) => sum + one, 0) / figures.length;
}

function spreadOf(results: Result[], knob: Knob, load: Load, isRatio: boolean): Spread | undefined {
  const values = results.flatMap((result, at) => {
    if (result.driver !== knob.name) return [];
    return figureOf(result, load) / (isRatio ? baseOf(results, at, knob.base, load) : 1);
  }).filter(Number.isFinite);
  return values.length > 0 ? spread(values) : undefined;
}

function ratioCell(one: Spread | undefined, noise: Spread | undefined): string {
  if (!one) return "-";
  const text = `${number(one.median)} (${number(one.min)}..${number(one.max)})`;
  const isMore = one.min > Math.max(1 + CLEAR, noise?.max ?? 0);
  const isLess = one.max < Math.min(1 - CLEAR, noise?.min ?? Infinity);
  return isMore || isLess ? `**${text}**` : text;
}

/** What ratios are to, and the ratios. Results in the order of the runs. */
export function tuningTables(results: Result[]): { absolute: Cells[]; relative: Cells[] } {
  const shown = KNOBS.filter(({ name }) => results.some(({ driver }) => driver === name));
  const isBase = ({ name, base }: Knob) => name === base;
  const titles = ["knob", ...LOADS.map(({ name }) => name)];
  const cells = (knob: Knob, isRatio: boolean) =>
    LOADS.map((load) => {
      const one = spreadOf(results, knob, load, isRatio);
      return isRatio
        ? ratioCell(one, spreadOf(results, knobNamed(CONTROL), load, true))
        : load.messages && one
        ? `${median(one)} µs`
        : median(one);
    });
  return {
    absolute: [titles, ...shown.filter(isBase).map((knob) => [knob.name, ...cells(knob, false)])],
    relative: [
      titles,
      ...shown.filter((knob) => !isBase(knob)).map((knob) => [
        knob.base === DEFAULTS || knob.name === CONTROL ? knob.name : `${knob.name} *`,
        ...cells(knob, true),
      ]),
    ],
  };
}

const SYSCALLS = ["receiveSyscalls", "sendSyscalls", "otherSyscalls"] as const;

/** System calls on 1,000 messages of a flood with the defaults, as the shim counts them, sender / receiver. */
export function syscallTable(results: Result[]): Cells[] {
  const good = results.filter(isGood).filter(({ driver }) => driver === DEFAULTS);
  const floods = LOADS.filter(({ messages }) => !messages);
  const cell = (index: number) =>
    (["client", "server"] as const).map((end) => {
      const values = good.map((result) => {
        const { counters, messages } = (result[end] as Parts).parts[index]!;
        return 1000 * SYSCALLS.reduce((sum, name) => sum + counters![name], 0) / messages;
      });
      return values.length > 0 ? median(spread(values)) : "-";
    }).join(" / ");
  return [
    ["", ...floods.map(({ name }) => name)],
    ["sender / receiver", ...floods.map((_, index) => cell(index))],
  ];
}

export const failuresOf = (results: Result[]): string[] =>
  results.flatMap((result) =>
    isGood(result) ? [] : [`${result.driver}, round ${result.round + 1}: ${result.failure.split("\n")[0]}`]
  );
