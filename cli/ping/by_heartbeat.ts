/** What the stack itself measures, of any peer: HEARTBEATs (RFC 9260 section 8.3) are answered by SCTP. */
import type { PeerInfo } from "../../mod.ts";
import { EXIT } from "../exit_codes.ts";
import { hangUp } from "../hang_up.ts";
import { formatTarget } from "../target.ts";
import { cutShort, endOf, type PingRun, tellUp } from "./run.ts";
import { formatRoundTrips, roundedAll, roundTrips } from "./statistics.ts";

const STATES = ["inactive", "potentially failed", "active", "unconfirmed"];

/** Resolves with the exit code. */
export async function pingByHeartbeat(run: PingRun): Promise<number> {
  const { socket, options, output } = run;
  tellUp(run);
  output.print(
    `heartbeats every ${options.interval / 1000} s and a retransmission time-out; srtt is smoothed, ` +
      "in the stack's milliseconds, 0 where it is less or not measured yet",
  );
  socket.resume(); // what the peer has to say is not asked for
  socket.setKeepAlive(true, options.interval);
  const samples = new Map<string, number[]>();
  const trouble = await sampling(run, samples);

  output.print(`\n--- ${formatTarget(run.target)} paths ---`);
  for (const [address, times] of samples) {
    const trips = roundTrips(times)!;
    output.emit({ event: "statistics", address, samples: times.length, srttMs: roundedAll(trips) });
    output.print(formatRoundTrips(trips, `${address} srtt`));
  }
  await hangUp(socket);
  if (trouble) throw trouble;
  return EXIT.ok;
}

/** Asks once an interval. Resolves with what ended the association before its time. */
async function sampling(run: PingRun, samples: Map<string, number[]>): Promise<Error | undefined> {
  const { socket, options } = run;
  let ticker: NodeJS.Timeout | undefined;
  let seq = 0;
  const counted = new Promise<undefined>((resolve) => {
    ticker = setInterval(() => {
      for (const [address, info] of Object.entries(socket.peerInfoByAddress)) {
        if (info) sample(run, seq + 1, address, info, samples);
      }
      if (++seq === options.count) resolve(undefined);
    }, options.interval);
  });
  const trouble = await Promise.race([counted, cutShort(options), endOf(socket)]);
  clearInterval(ticker);
  return trouble;
}

function sample(
  { options, output }: PingRun,
  seq: number,
  address: string,
  { state, srtt, rto, mtu }: PeerInfo,
  samples: Map<string, number[]>,
): void {
  const stateName = STATES[state] ?? String(state);
  const times = samples.get(address);
  if (times) times.push(srtt);
  else samples.set(address, [srtt]);
  if (options.quiet) return;
  output.emit({ event: "path", seq, address, state: stateName, srttMs: srtt, rtoMs: rto, mtu });
  output.print(`${address}: seq=${seq} srtt=${srtt} ms rto=${rto} ms mtu=${mtu} ${stateName}`);
}
