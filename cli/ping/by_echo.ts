/** Round trips of messages that the peer sends back. */
import type { Socket } from "../../mod.ts";
import { EXIT, Failure } from "../exit_codes.ts";
import { hangUp } from "../hang_up.ts";
import { onceAborted, stopSignal } from "../stop.ts";
import { formatTarget } from "../target.ts";
import { type Answer, Echoes } from "./echoes.ts";
import { endOf, type PingRun, tellUp } from "./run.ts";
import { formatRoundTrips, rounded, roundedAll, roundTrips } from "./statistics.ts";

/** Resolves with the exit code. */
export async function pingByEcho(run: PingRun): Promise<number> {
  const { socket, options, output } = run;
  const begun = performance.now();
  tellUp(run);
  const { echoes, done } = begin(run);
  const trouble = await Promise.race([done, endOf(socket), stopped()]);
  echoes.stop();
  const ms = performance.now() - begun;
  const { sent, received, missing, foreign, times } = echoes;
  const trips = roundTrips(times);
  output.emit({
    event: "statistics",
    sent,
    received,
    missing,
    foreign,
    lossPercent: rounded(100 * missing / sent),
    timeMs: rounded(ms),
    connectMs: rounded(run.connectMs),
    ...(trips && { rttMs: roundedAll(trips) }),
  });
  output.print(`\n--- ${formatTarget(run.target)} ping statistics ---`);
  output.print(
    `${sent} sent, ${received} received, ${(100 * missing / sent).toFixed(1)}% loss, ` +
      `time ${ms.toFixed(0)} ms, association in ${run.connectMs.toFixed(3)} ms`,
  );
  if (trips) output.print(formatRoundTrips(trips, "rtt"));
  if (foreign > 0) output.problem(`${foreign} messages came that were no answers`);
  await hangUp(socket);
  if (trouble) throw trouble;
  return missing > 0 && options.count !== undefined ? EXIT.failed : EXIT.ok;
}

const stopped = () =>
  new Promise<undefined>((resolve) => onceAborted(stopSignal(), () => resolve(undefined)));

/** Sends, and tells of each; `done` resolves at the end, with what is wrong if something is. */
function begin(run: PingRun): { echoes: Echoes; done: Promise<Error | undefined> } {
  const { socket, options, output } = run;
  let end: (trouble?: Error) => void;
  const done = new Promise<Error | undefined>((resolve) => end = resolve);
  const echoes = new Echoes(socket, options, {
    onAnswer(answer: Answer) {
      if (options.quiet) return;
      const { seq, ms, bytes, sid } = answer;
      output.emit({ event: "reply", seq, ms: rounded(ms), bytes, sid });
      output.print(`${bytes} bytes on stream ${sid}: seq=${seq} time=${ms.toFixed(3)} ms`);
    },
    onMissing(seq: number) {
      output.emit({ event: "missing", seq });
      output.print(`seq=${seq}: no answer within ${options.timeout / 1000} s`);
      // One that answered before may answer again.
      if (echoes.received === 0) end(whyNothing(socket, echoes, formatTarget(run.target)));
    },
    onDone: () => end(),
  });
  return { echoes, done };
}

/** A peer that has acknowledged what it got, and sends nothing back, does not echo. */
function whyNothing(socket: Socket, { sent, foreign }: Echoes, where: string): Error {
  if (socket.status().unackdata > 0) {
    return new Failure("ETIMEDOUT", `${where} acknowledges nothing: is the path broken?`, EXIT.timedOut);
  }
  const instead = foreign > 0 ? "sent other messages back" : "sent none back";
  return new Failure(
    "NO_ECHO",
    `${where} does not echo: it acknowledged ${sent} message${sent === 1 ? "" : "s"} and ${instead}. ` +
      "At the other end: netsctp ping --serve. For any peer: netsctp ping --heartbeat",
    EXIT.noEcho,
  );
}
