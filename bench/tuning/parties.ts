/** Those who send and those who receive: each has one association, until the sender has enough and aborts it. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { setImmediate } from "node:timers";
import { counters, type Socket } from "netsctp";
import { pump } from "../ends/pump.ts";
import { type EndReport, SHARES, type Timing, Window } from "../ends/window.ts";
import type { Load, Manner } from "./loads.ts";

// A flood gives timers no turn for long.
const LOOK_EVERY = 64;

export async function send(
  socket: Socket,
  { size }: Load,
  manner: Manner,
  timing: Timing,
): Promise<EndReport> {
  await opened(socket);
  const window = new Window(() => counters().messagesOut, counters);
  const plain = Buffer.alloc(size);
  // Not when the writer is through: what is stuck would take long.
  await new Promise<void>((resolve) => {
    window.begin(timing, resolve);
    if (manner.write === "one a turn") oneATurn(socket, plain, window);
    else if (manner.write === "awaited") eachAwaited(socket, plain, window);
    else void pump(socket, () => window.isOver, () => socket.write(plain));
  });
  await ended(socket.destroy());
  return window.report(1);
}

function oneATurn(socket: Socket, message: Buffer, window: Window): void {
  const next = () => {
    if (window.isOver) return;
    if (socket.write(message)) setImmediate(next);
    else socket.once("drain", next);
  };
  next();
}

/** As `await` would: by the callback of each. */
function eachAwaited(socket: Socket, message: Buffer, window: Window): void {
  let count = 0;
  const next = () => {
    if (window.isOver) return;
    if (++count % LOOK_EVERY === 0) setImmediate(() => socket.write(message, next));
    else socket.write(message, next);
  };
  next();
}

/** @param setOnRead where a client says who is told of what `onread` gets */
export async function receive(
  socket: Socket,
  _: Load,
  manner: Manner,
  timing: Timing,
  setOnRead = (_: (isLast: boolean) => void) => {},
): Promise<EndReport> {
  let messages = 0;
  const window = new Window(() => messages, counters);
  const count = () => {
    if (messages++ === 0) window.begin(timing);
    if (messages % LOOK_EVERY === 0) window.look();
  };
  if (manner.read === "onread") setOnRead((isLast) => isLast && count());
  else if (manner.read === "for await") void readEach(socket, count);
  else socket.on("data", count);
  await ended(socket);
  return window.report(messages);
}

async function readEach(socket: Socket, count: () => void): Promise<void> {
  try {
    for await (const _ of socket) count();
  } catch { // the abort that it ends with
  }
}

export async function answer(
  socket: Socket,
  { messages: request = 1 }: Load,
  _: Manner,
  timing: Timing,
): Promise<EndReport> {
  let messages = 0;
  const window = new Window(() => messages, counters);
  socket.on("data", (message) => {
    if (messages++ === 0) window.begin(timing);
    if (messages % request === 0) socket.write(message);
  });
  await ended(socket);
  return window.report(messages);
}

export async function talk(
  socket: Socket,
  { size, messages = 1 }: Load,
  _: Manner,
  timing: Timing,
): Promise<EndReport> {
  await opened(socket);
  const plain = Buffer.alloc(size);
  const times: number[] = [];
  let answers = 0;
  let sentAt = 0;
  const window = new Window(() => times.length, counters);
  const ask = () => {
    sentAt = performance.now();
    for (let i = 0; i < messages; i++) {
      // Each by itself, as one who writes a head and then a body does.
      if (i === 0) socket.write(plain);
      else setImmediate(() => socket.write(plain));
    }
  };
  const isEnough = new Promise<void>((resolve) => {
    socket.on("data", () => {
      answers++;
      if (window.isOpen) times.push(performance.now() - sentAt);
      if (window.isOver) resolve();
      else ask();
    });
  });
  window.begin(timing);
  ask();
  await isEnough;
  await ended(socket.destroy());
  times.sort((a, b) => a - b);
  const roundTrip = SHARES.map((share) => 1000 * times[Math.floor(times.length * share)]!);
  return { ...window.report(answers), roundTrip };
}

async function opened(socket: Socket): Promise<void> {
  if (socket.connecting) await once(socket, "connect");
}

/** An abort is how it ends: an error at one end. */
function ended(socket: Socket): Promise<void> {
  return new Promise((resolve) => void socket.on("error", () => {}).on("close", () => resolve()));
}
