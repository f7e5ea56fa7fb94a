/** The report for people: a line a finding, what to type below it. */
import type { Output } from "../output.ts";
import { GROUPS } from "./catalogue.ts";
import { type Finding, groupOf, type Level } from "./finding.ts";
import type { Verdict } from "./verdict.ts";

const MARKS: Record<Level, [mark: string, style: "green" | "dim" | "yellow" | "red"]> = {
  ok: ["ok", "green"],
  note: ["note", "dim"],
  slow: ["SLOW", "yellow"],
  broken: ["BROKEN", "red"],
};
const WIDTH = Math.max(...Object.values(MARKS).map(([mark]) => mark.length));

export function print(findings: readonly Finding[], verdict: Verdict, output: Output): void {
  for (const group of GROUPS) {
    const own = findings.filter((one) => groupOf(one) === group);
    if (own.length === 0) continue;
    output.print(output.paint("bold", group));
    for (const { level, what, cure } of own) {
      const [mark, style] = MARKS[level];
      output.print(`  ${output.paint(style, mark.padEnd(WIDTH))}  ${what}${cure?.length ? ":" : ""}`);
      for (const line of cure ?? []) output.print(`${" ".repeat(WIDTH + 6)}${line}`);
    }
  }
  output.print("");
  output.print(summary(verdict, output));
}

function summary({ verdict, serves, counts }: Verdict, { paint }: Output): string {
  const style = verdict === "fine" ? "green" : verdict === "degraded" ? "yellow" : "red";
  const stack = serves === null
    ? "no stack serves"
    : serves === "kernel"
    ? "the kernel's SCTP serves"
    : "SCTP over UDP serves";
  return `${
    paint(style, verdict)
  }: ${stack}; ${counts.broken} broken, ${counts.slow} slow, ${counts.note} to note`;
}
