/** What the stack itself measures, of any peer: HEARTBEATs (RFC 9260 section 8.3) are answered by SCTP. */
import type { Path } from "../../mod.ts";
import { EXIT } from "../exit_codes.ts";
import { hangUp } from "../hang_up.ts";
import { formatTarget } from "../target.ts";
import { cutShort, endOf, type PingRun, tellUp } from "./run.ts";
import { formatRoundTrips, roundedAll, roundTrips } from "./statistics.ts";

/** Resolves with the exit code. */
export async function pingByHeartbeat(run: PingRun): Promise<number> {
  const { socket, options, output } = run;
  tellUp(run);
  output.print(
    `a heartbeat on each path every ${options.interval / 1000} s; srtt is smoothed, ` +
      "in the stack's milliseconds, 0 where it is less or not measured yet",
  );
  socket.resume(); // what the peer has to say is not asked for
  socket.setKeepAlive(true, options.interval); // the stack counts those that are not answered
  socket.on("path", ({ address }, change) => {
    output.emit({ event: "path-change", address, change });
    if (!options.quiet) output.print(`${address}: ${change}`);
  });
  const samples = new Map<string, number[]>();
  const trouble = await sampling(run, samples);
  const isSilent = socket.paths().every(({ state }) => state !== "active");

  output.print(`\n--- ${formatTarget(run.target)} paths ---`);
  for (const [address, times] of samples) {
    const trips = roundTrips(times)!;
    output.emit({ event: "statistics", address, samples: times.length, srttMs: roundedAll(trips) });
    output.print(formatRoundTrips(trips, `${address} srtt`));
  }
  await hangUp(socket);
  if (trouble) throw trouble;
  return isSilent ? EXIT.timedOut : EXIT.ok;
}

/** Asks once an interval, and tells at its end what came of that. Resolves with what ended the association before its
 * time. */
async function sampling(run: PingRun, samples: Map<string, number[]>): Promise<Error | undefined> {
  const { socket, options } = run;
  let ticker: NodeJS.Timeout | undefined;
  let seq = 0;
  const counted = new Promise<undefined>((resolve) => {
    socket.sendHeartbeat();
    ticker = setInterval(() => {
      const paths = socket.paths(); // none once the peer has ended it
      seq++;
      for (const path of paths) sample(run, seq, path, samples);
      if (seq === options.count) resolve(undefined);
      else if (paths.length > 0) socket.sendHeartbeat();
    }, options.interval);
  });
  const trouble = await Promise.race([counted, cutShort(options), endOf(socket)]);
  clearInterval(ticker);
  return trouble;
}

function sample(
  { options, output }: PingRun,
  seq: number,
  { address, state, isPrimary, srtt, rto, mtu }: Path,
  samples: Map<string, number[]>,
): void {
  const times = samples.get(address);
  if (times) times.push(srtt);
  else samples.set(address, [srtt]);
  if (options.quiet) return;
  output.emit({ event: "path", seq, address, state, isPrimary, srttMs: srtt, rtoMs: rto, mtu });
  const states = isPrimary ? `${state}, primary` : state;
  output.print(`${address}: seq=${seq} srtt=${srtt} ms rto=${rto} ms mtu=${mtu} ${states}`);
}
