/** SVG plots for docs/benchmarks/. What a plot shows stands in the specification of vega-lite. */
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Stack } from "./drivers/driver.ts";
import { SHARES } from "./ends/window.ts";
import type { Row } from "./figures.ts";
import { trialNamed } from "./trials.ts";

export interface Plot {
  stack: Stack;
  title: string;
  file: string;
  svg: string;
}

type Point = Record<string, number | string>;

interface Figure {
  name: string;
  title: string;
  points: Point[];
  spec: Record<string, unknown>;
}

const of = (rows: Row[], kind: string) => rows.filter(({ trial }) => trialNamed(trial)!.kind === kind);

/** Ours first, each in a colour of its own that is the same in all plots, and can be told apart by its mark, too. All of
 * them, and that of the text, have a contrast of 3:1 or more on white and on GitHub's dark page (#0d1117). */
const COLOURS: Record<string, string> = {
  "node": "#2e7d32",
  "deno": "#1976d2",
  "c": "#e65100",
  "c-sockets": "#757575",
  "c-mmsg": "#ab47bc",
  "node-tcp": "#689f38",
  "deno-tcp": "#0097a7",
};

function byDriver(points: Point[]) {
  const domain = Object.keys(COLOURS).filter((name) => points.some(({ driver }) => driver === name));
  const range = domain.map((name) => COLOURS[name]);
  return {
    color: { field: "driver", type: "nominal", scale: { domain, range }, title: null },
    shape: { field: "driver", type: "nominal", scale: { domain }, title: null },
  };
}

const TEXT = "#767676";
const RULE = "#808080";

const line = { type: "line", point: { filled: true, size: 50 }, strokeWidth: 2 };

/** A logarithmic axis from a line to a line: 1, 2 and 5 of each power of ten, around the values. */
function logarithmic(values: number[]) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const all = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((n) => n * 10 ** (power - 1))).flat();
  const ticks = all.filter((tick) => tick > least / 2.5 && tick < most * 2.5);
  return {
    type: "quantitative",
    scale: { type: "log", nice: false, domain: [ticks[0], ticks.at(-1)] },
    axis: { format: "~s", values: ticks },
  };
}

function throughput(rows: Row[]): Figure {
  const points = [...of(rows, "flood"), ...of(rows, "tcp")].flatMap(({ trial, driver, figures }) => {
    const { size } = trialNamed(trial)!;
    return figures["rate"] ? [{ driver, size, rate: figures["rate"].median }] : [];
  });
  const sizes = [...new Set(points.map(({ size }) => size))];
  return {
    name: "throughput",
    title: "Throughput by message size",
    points,
    spec: {
      mark: line,
      encoding: {
        x: {
          field: "size",
          type: "quantitative",
          scale: { type: "log", base: 2, nice: false, padding: 12 },
          axis: {
            values: sizes,
            labelExpr: "datum.value < 1024 ? datum.value + ' B' : datum.value / 1024 + ' KB'",
          },
          title: "size of a message",
        },
        y: {
          field: "rate",
          ...logarithmic(points.map(({ rate }) => rate)),
          title: "messages a second",
        },
        ...byDriver(points),
      },
    },
  };
}

/** The slowest share of round trips on a scale that gives each further nine as much room. */
function latency(rows: Row[]): Figure {
  const trials = [...new Set(of(rows, "ping-pong").map(({ trial }) => trial))];
  const points = of(rows, "ping-pong").flatMap(({ trial, driver, roundTrip }) =>
    (roundTrip ?? []).flatMap((time, i) => {
      const slower = 1 - SHARES[i]!;
      return time > 0 && slower < 1 ? [{ driver, trial, slower, time }] : [];
    })
  );
  return {
    name: "latency",
    title: "Time of a round trip: how many take longer",
    points,
    spec: {
      facet: { column: { field: "trial", type: "nominal", title: null, sort: trials } },
      spec: {
        width: 260,
        height: 260,
        mark: { ...line, point: { filled: true, size: 30 } },
        encoding: {
          x: {
            field: "time",
            ...logarithmic(points.map(({ time }) => time)),
            title: "µs",
          },
          y: {
            field: "slower",
            type: "quantitative",
            scale: { type: "log", domain: [0.001, 1] },
            axis: { values: [1, 0.5, 0.25, 0.1, 0.05, 0.01, 0.001], format: "~%" },
            title: "take longer",
          },
          ...byDriver(points),
        },
      },
    },
  };
}

function scaling(rows: Row[]): Figure {
  const points = of(rows, "associations").flatMap(({ trial, driver, figures }) => {
    const { associations, outstanding } = trialNamed(trial)!;
    return figures["cpu"] && outstanding === 1 ? [{ driver, associations, cpu: figures["cpu"].median }] : [];
  });
  return {
    name: "associations",
    title: "Cost of a message by number of associations",
    points,
    spec: {
      mark: line,
      encoding: {
        x: {
          field: "associations",
          type: "quantitative",
          scale: { type: "log", nice: false, padding: 12 },
          axis: { values: [1, 10, 100, 1000, 10000], format: "," },
          title: "associations",
        },
        y: {
          field: "cpu",
          ...logarithmic(points.map(({ cpu }) => cpu)),
          title: "µs of CPU there and back, both ends",
        },
        ...byDriver(points),
      },
    },
  };
}

async function svgOf({ title, points, spec }: Figure, stack: Stack): Promise<string> {
  const whole = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: `${title}, ${stack} stack`,
    background: null,
    padding: 10,
    data: { values: points },
    ...("facet" in spec ? {} : { width: 520, height: 320 }),
    config: {
      aria: false,
      font: "sans-serif",
      title: { color: TEXT },
      header: { labelColor: TEXT, titleColor: TEXT },
      axis: {
        grid: true,
        gridColor: RULE,
        gridOpacity: 0.3,
        domainColor: RULE,
        tickColor: RULE,
        labelColor: TEXT,
        titleColor: TEXT,
      },
      legend: { symbolSize: 80, labelColor: TEXT },
      view: { stroke: RULE, strokeOpacity: 0.3 },
    },
    ...spec,
  };
  const compiled = compile(whole as unknown as TopLevelSpec).spec;
  return `${await new View(parse(compiled), { renderer: "none" }).toSVG()}\n`;
}

/** Those for which there are points. */
export async function plotsOf(stack: Stack, rows: Row[]): Promise<Plot[]> {
  const figures = [throughput(rows), latency(rows), scaling(rows)].filter(({ points }) => points.length > 0);
  return await Promise.all(figures.map(async (figure) => ({
    stack,
    title: `${figure.title}, ${stack} stack`,
    file: `${figure.name}-${stack}.svg`,
    svg: await svgOf(figure, stack),
  })));
}
