/** Moves messages between associations and what is at their other side, no faster than that takes them. */
import type { Writable } from "node:stream";
import type { Message } from "../../mod.ts";
import { writeOut } from "../output.ts";
import { stdout } from "../stdout.ts";
import { formatMessage, type FormatOptions } from "./format.ts";
import { type InputOptions, messagesOf } from "./input.ts";
import type { Peer } from "./peer.ts";

/** Writes what a peer sends; the peer waits while the sink is full. */
export function receiveInto({ socket }: Peer, sink: Writable, options: FormatOptions): void {
  const write = sink === stdout ? writeOut : (data: string | Uint8Array) => sink.write(data);
  const isOpen = () => sink.writable && !sink.destroyed;
  sink.setMaxListeners(0); // each peer that waits has one, however many there are
  socket.on("data", (message: Message) => {
    if (!isOpen() || write(formatMessage(message, options))) return;
    socket.pause();
    const resume = () => {
      sink.off("drain", resume).off("close", resume);
      socket.resume();
    };
    sink.on("drain", resume).on("close", resume);
  });
}

/**
 * Sends all that a source has to all the peers there are; the source waits for the slowest.
 *
 * @param peers those of now
 * @returns how many messages there were
 */
export async function sendFrom(
  source: AsyncIterable<Uint8Array>,
  options: InputOptions,
  peers: () => Iterable<Peer>,
): Promise<number> {
  let count = 0;
  for await (const message of messagesOf(source, options)) {
    count++;
    await Promise.all([...peers()].map((peer) => peer.send(message)));
  }
  return count;
}

/** Sends back what comes, on its stream, or on stream 0 where this end has fewer. */
export function echo(peer: Peer): void {
  const { socket } = peer;
  socket.on("data", (message: Message) => {
    const answer = message.sid < socket.outboundStreams ? message : Object.assign(message, { sid: 0 });
    const room = peer.send(answer);
    if (!room) return;
    socket.pause();
    room.then(() => socket.resume());
  });
}
