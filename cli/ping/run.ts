/** What the two ways to ping have in common. */
import type { Socket } from "../../mod.ts";
import { Failure } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { onceAborted, stopSignal } from "../stop.ts";
import { hostPort, type Target } from "../target.ts";
import type { PingOptions } from "./command.ts";
import { rounded } from "./statistics.ts";

export interface PingRun {
  socket: Socket;
  target: Target;
  /** How long the association took to come up. */
  connectMs: number;
  options: PingOptions;
  output: Output;
}

export function tellUp({ socket, connectMs, output }: PingRun): void {
  const { remoteAddresses, remotePort, outboundStreams, inboundStreams, stack } = socket;
  output.emit({
    event: "connected",
    stack,
    remoteAddresses,
    remotePort,
    outboundStreams,
    inboundStreams,
    connectMs: rounded(connectMs),
  });
  const where = remoteAddresses.map((address) => hostPort(address, remotePort!)).join(" ");
  output.print(`connected to ${where} in ${connectMs.toFixed(3)} ms (${stack})`);
}

/** Resolves when the user stops it, or its time is up. */
export function cutShort({ deadline }: PingOptions): Promise<undefined> {
  return new Promise((resolve) => {
    onceAborted(stopSignal(), () => resolve(undefined));
    if (deadline !== undefined) setTimeout(resolve, deadline, undefined);
  });
}

/** Resolves with what ended the association, if anything did but ourselves. */
export function endOf(socket: Socket): Promise<Error> {
  return new Promise((resolve) => {
    socket.once("error", resolve);
    socket.once("close", () => resolve(new Failure("EPIPE", "the peer ended the association")));
  });
}
