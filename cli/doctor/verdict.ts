/** What all findings together come to. */
import type { Stack } from "../../mod.ts";
import { EXIT } from "../exit_codes.ts";
import type { Context } from "./context.ts";
import type { Finding, Level } from "./finding.ts";

export interface Verdict {
  verdict: "fine" | "degraded" | "unusable";
  exitCode: number;
  /** The stack that serves; null where none does. */
  serves: Stack | null;
  counts: Record<Level, number>;
}

const STACKS: Stack[] = ["kernel", "userspace"];

export function verdictOf(
  context: Pick<Context, "stacks" | "wanted" | "target">,
  findings: readonly Finding[],
): Verdict {
  const { stacks, wanted, target } = context;
  const tests = findings.filter(({ id }) => id === "self-test");
  const works = (stack: Stack) => {
    const own = tests.filter(({ data }) => data?.stack === stack);
    return stacks[stack].usable && (own.length === 0 || own.some(({ level }) => level !== "broken"));
  };
  const serves = STACKS.find((stack) => (wanted === "auto" || wanted === stack) && works(stack)) ?? null;
  const isReached = !target || findings.some(({ id, level }) => id === "peer" && level === "ok");
  const counts = { ok: 0, note: 0, slow: 0, broken: 0 };
  for (const { level } of findings) counts[level]++;
  if (serves === null || !isReached) return { verdict: "unusable", exitCode: EXIT.unusable, serves, counts };
  return counts.slow + counts.broken > 0
    ? { verdict: "degraded", exitCode: EXIT.failed, serves, counts }
    : { verdict: "fine", exitCode: EXIT.ok, serves, counts };
}
