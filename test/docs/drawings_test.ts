// The drawings in the documents are legible on a white page and on a dark one: nothing is painted behind the whole, and
// texts and lines stand out from what is behind them.
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { globSync } from "../../tools/glob.ts";

/** GitHub's. */
const PAGES = ["#ffffff", "#0d1117"];
/** WCAG 2 wants 4.5 of small text, which no colour has on both pages; 3 of lines. */
const TEXT_CONTRAST = 4, LINE_CONTRAST = 3;

const test = suite("drawings");

const NAMES: Record<string, string> = { white: "#ffffff", black: "#000000" };

/** Relative luminance, as WCAG 2 defines it. */
function luminance(colour: string): number {
  const hex = NAMES[colour] ?? colour;
  assert.match(hex, /^#[0-9a-f]{6}$/, `what colour is ${colour}?`);
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [less, more] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (more! + 0.05) / (less! + 0.05);
}

interface Point {
  x: number;
  y: number;
}

interface Area {
  from: Point;
  to: Point;
  colour: string;
}

interface Mark {
  isText: boolean;
  colour: string;
  points: Point[];
  /** What was painted before it. */
  below: Area[];
}

const has = ({ from, to }: Area, { x, y }: Point) => from.x <= x && x <= to.x && from.y <= y && y <= to.y;
const sizeOf = ({ from, to }: Area) => (to.x - from.x) * (to.y - from.y);

/** The corners and control points, as far as a shape gives them by absolute coordinates. */
function pointsOf(tag: string, of: Record<string, string>): Point[] {
  const { x = 0, y = 0, width = 0, height = 0, cx = 0, cy = 0, rx = of.r ?? 0, ry = of.r ?? 0 } = of;
  const corners = (x: number, y: number, dx: number, dy: number) => [{ x, y }, { x: x + dx, y: y + dy }];
  if (tag === "rect") return corners(+x, +y, +width, +height);
  if (tag === "circle" || tag === "ellipse") return corners(+cx - +rx, +cy - +ry, 2 * +rx, 2 * +ry);
  if (tag === "text") return [{ x: +x, y: +y }];
  if (tag === "line") return [{ x: +x, y: +y }, { x: +(of.x2 ?? 0), y: +(of.y2 ?? 0) }];
  const numbers = ((of.d ?? of.points)!.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
  return Array.from(
    { length: numbers.length >> 1 },
    (_, i) => ({ x: numbers[2 * i]!, y: numbers[2 * i + 1]! }),
  );
}

const isNone = (colour?: string) => colour === undefined || colour === "none" || colour === "transparent";

function read(svg: string) {
  const areas: Area[] = [];
  const marks: Mark[] = [];
  let whole = NaN;
  let offset: Point = { x: 0, y: 0 };
  const offsets: Point[] = [];
  for (const [, isEnd, tag, attributes] of svg.matchAll(/<(\/?)([a-z]+)((?:[^>"]|"[^"]*")*)>/gi)) {
    if (isEnd) {
      if (tag === "g") offset = offsets.pop()!;
      continue;
    }
    const of = Object.fromEntries(
      [...attributes!.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k!, v!]),
    );
    if (tag === "svg") {
      assert.not(/style|class="[^"]*background/.test(attributes!), "the drawing has a style of its own");
      const [, , width, height] = of.viewBox!.split(" ").map(Number);
      whole = width! * height!;
    }
    const [, dx = 0, dy = 0] = /translate\(([-\d.]+)[ ,]+([-\d.]+)\)/.exec(of.transform ?? "") ?? [];
    const origin = { x: offset.x + +dx, y: offset.y + +dy };
    if (tag === "g") {
      offsets.push(offset);
      offset = origin;
    }
    if (!/^(path|polygon|rect|circle|ellipse|line|polyline|text)$/.test(tag!)) continue;
    const points = pointsOf(tag!, of).map(({ x, y }) => ({ x: x + origin.x, y: y + origin.y }));
    if (tag === "text") {
      marks.push({ isText: true, colour: of.fill ?? "black", points, below: [...areas] });
    } else if (!isNone(of.fill)) {
      const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
      const [from, to] = [Math.min, Math.max].map((most) => ({ x: most(...xs), y: most(...ys) }));
      areas.push({ from: from!, to: to!, colour: of.fill! });
    } else if (!isNone(of.stroke) && of["stroke-opacity"] === undefined) { // else it is a grid, and pale
      marks.push({ isText: false, colour: of.stroke!, points, below: [...areas] });
    }
  }
  return { areas, marks, whole };
}

for (const file of [...globSync("docs/diagrams", /\.svg$/), ...globSync("docs/benchmarks", /\.svg$/)]) {
  test(file, () => {
    const { areas, marks, whole } = read(readFileSync(file, "utf8"));
    assert.ok(whole > 0);
    for (const area of areas) {
      assert.ok(sizeOf(area) < 0.7 * whole, `${area.colour} behind all of it`);
    }
    assert.ok(marks.some(({ isText }) => isText) && marks.some(({ isText }) => !isText));
    for (const { isText, colour, points, below } of marks) {
      for (const point of points) {
        const behind = below.findLast((area) => has(area, point));
        for (const ground of behind ? [behind.colour] : PAGES) {
          const found = contrast(colour, ground);
          const message = `${isText ? "text" : "line"} ${colour} on ${ground}: ${found.toFixed(2)}`;
          assert.ok(found >= (isText ? TEXT_CONTRAST : LINE_CONTRAST), message);
        }
      }
    }
  });
}

test.run();
