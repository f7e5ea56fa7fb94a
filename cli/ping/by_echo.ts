/** Round trips of messages that the peer sends back. */
import process from "node:process";
import type { Socket } from "../../mod.ts";
import { EXIT, Failure } from "../exit_codes.ts";
import { hangUp } from "../hang_up.ts";
import { writeOut } from "../output.ts";
import { stopSignal } from "../stop.ts";
import { formatTarget } from "../target.ts";
import { type Answer, Echoes } from "./echoes.ts";
import { cutShort, endOf, type PingRun, tellUp } from "./run.ts";
import { formatRoundTrips, rounded, roundedAll, roundTrips } from "./statistics.ts";

/** Resolves with the exit code. */
export async function pingByEcho(run: PingRun): Promise<number> {
  const { socket, options, output } = run;
  const { sid, count } = options;
  const begun = performance.now();
  tellUp(run);
  if (sid >= socket.outboundStreams) {
    await hangUp(socket);
    const { outboundStreams } = socket;
    const has = `the association has ${outboundStreams} (0 to ${outboundStreams - 1})`;
    throw new Failure("EINVAL", `there is no stream ${sid}: ${has}`);
  }
  const isCutShort = cutShort(options); // before the first is sent: at the end of both, time is up before the next one is due
  const { echoes, done } = begin(run);
  const trouble = await Promise.race([done, endOf(socket), isCutShort]);
  echoes.stop();
  const ms = performance.now() - begun;
  const { sent, received, missing, foreign, times } = echoes;
  const lossPercent = 100 * missing / sent;
  const trips = roundTrips(times);
  output.emit({
    event: "statistics",
    sent,
    received,
    missing,
    foreign,
    lossPercent: rounded(lossPercent),
    timeMs: rounded(ms),
    connectMs: rounded(run.connectMs),
    ...(trips && { rttMs: roundedAll(trips) }),
  });
  output.print(`\n--- ${formatTarget(run.target)} ping statistics ---`);
  output.print(
    `${sent} sent, ${received} received, ${lossPercent.toFixed(1)}% loss, ` +
      `time ${ms.toFixed(0)} ms, association in ${run.connectMs.toFixed(3)} ms`,
  );
  if (trips) output.print(formatRoundTrips(trips, "rtt"));
  if (foreign > 0) output.problem(`${foreign} messages came that were no answers`);
  await hangUp(socket);
  if (trouble) throw trouble;
  // As ping(8): fewer answers than were asked for are a failure, and so is none at all.
  const wanted = stopSignal().aborted ? Math.min(sent, count ?? 1) : count ?? 1;
  return received < wanted ? EXIT.failed : EXIT.ok;
}

/** Sends, and tells of each; `done` resolves at the end, with what is wrong if something is. */
function begin(run: PingRun): { echoes: Echoes; done: Promise<Error | undefined> } {
  const { socket, options, output } = run;
  let end: (trouble?: Error) => void;
  const done = new Promise<Error | undefined>((resolve) => end = resolve);
  const dots = options.flood && !options.quiet && !output.json && process.stdout.isTTY;
  const echoes = new Echoes(socket, options, {
    // ping(8)'s: a dot for each that has no answer yet.
    onSent: () => void (dots && writeOut(".")),
    onAnswer(answer: Answer) {
      if (dots) writeOut("\b \b");
      if (options.quiet || (options.flood && !output.json)) return;
      const { seq, ms, bytes, sid } = answer;
      output.emit({ event: "reply", seq, ms: rounded(ms), bytes, sid });
      output.print(`${bytes} bytes on stream ${sid}: seq=${seq} time=${ms.toFixed(3)} ms`);
    },
    onMissing(seq: number) {
      output.emit({ event: "missing", seq });
      if (!options.flood) output.print(`seq=${seq}: no answer within ${options.timeout / 1000} s`);
      // One that answered before may answer again.
      if (echoes.received === 0) end(whyNothing(socket, echoes, formatTarget(run.target)));
    },
    onDone: () => end(),
  });
  return { echoes, done };
}

/** A peer that has acknowledged what it got, and sends nothing back, does not echo. */
function whyNothing(socket: Socket, { sent, foreign }: Echoes, where: string): Error {
  const acknowledged = sent - socket.status().unackdata;
  if (acknowledged <= 0) {
    return new Failure("ETIMEDOUT", `${where} acknowledges nothing: is the path broken?`, EXIT.timedOut);
  }
  const instead = foreign > 0 ? "sent other messages back" : "sent none back";
  return new Failure(
    "NO_ECHO",
    `${where} does not echo: it acknowledged ${acknowledged} message${
      acknowledged === 1 ? "" : "s"
    } and ${instead}. ` +
      "At the other end: netsctp ping --serve. For any peer: netsctp ping --heartbeat",
    EXIT.noEcho,
  );
}
