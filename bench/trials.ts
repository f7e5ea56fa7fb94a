/** What is measured. A trial is one load between two processes over one association. */

/** `flood`: one way, as fast as it goes. `ping-pong`: one message at a time, there and back. */
export type Load = "flood" | "ping-pong";

export interface Trial {
  readonly name: string;
  readonly load: Load;
  /** Bytes of each message. */
  readonly size: number;
  /** The run ends after so many messages, whatever the time. */
  readonly most: number;
}

const SIZES = { "64 B": 64, "270 B": 270, "8 KB": 8192 };
const MOST: Record<Load, number> = { "flood": 10_000_000, "ping-pong": 500_000 };

export const TRIALS: readonly Trial[] = (["flood", "ping-pong"] as const).flatMap((load) =>
  Object.entries(SIZES).map(([label, size]) => ({ name: `${load} ${label}`, load, size, most: MOST[load] }))
);

/** How long and how often. The drivers take turns in every round, so that noise hits all alike. */
export interface Plan {
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly runMs: number;
}

export const FULL: Plan = { rounds: 5, warmUpMs: 500, runMs: 2000 };
export const QUICK: Plan = { rounds: 2, warmUpMs: 300, runMs: 800 };
