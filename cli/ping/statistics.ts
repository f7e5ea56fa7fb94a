/** What the round trips of a run come to. */
export interface RoundTrips {
  min: number;
  avg: number;
  max: number;
  /** Standard deviation, as ping(8) has it. */
  mdev: number;
  p50: number;
  p90: number;
  p99: number;
}

/** @param times milliseconds; undefined where there are none */
export function roundTrips(times: readonly number[]): RoundTrips | undefined {
  if (times.length === 0) return undefined;
  const sorted = [...times].sort((a, b) => a - b);
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const avg = mean(sorted);
  const mdev = Math.sqrt(mean(sorted.map((one) => (one - avg) ** 2)));
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
  return { min: sorted[0]!, avg, max: sorted.at(-1)!, mdev, p50: at(0.5), p90: at(0.9), p99: at(0.99) };
}

/** Three digits are a microsecond; more would say more than is known. */
export const rounded = (ms: number) => Math.round(ms * 1000) / 1000;

/** The same, for JSON. */
export function roundedAll(trips: RoundTrips): RoundTrips {
  return Object.fromEntries(
    Object.entries(trips).map(([name, ms]) => [name, rounded(ms)]),
  ) as unknown as RoundTrips;
}

/** The two last lines that ping prints. */
export function formatRoundTrips({ min, avg, max, mdev, p50, p90, p99 }: RoundTrips, what: string): string {
  const list = (...times: number[]) => times.map((ms) => ms.toFixed(3)).join("/");
  return `${what} min/avg/max/mdev = ${list(min, avg, max, mdev)} ms\n` +
    `${what} p50/p90/p99 = ${list(p50, p90, p99)} ms`;
}
