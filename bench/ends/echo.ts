/** A number of messages on their way, there and back, on one association after the other. */
import { Buffer } from "node:buffer";
import { counters } from "netsctp";
import { setUp, tearDown } from "./associations.ts";
import { countIn, lastMessage } from "./messages.ts";
import type { Task } from "./task.ts";
import { type EndReport, SHARES, Window } from "./window.ts";

const MOST_ROUND_TRIPS = 1 << 20;

export async function echo(task: Task): Promise<EndReport> {
  const isTimed = task.outstanding === 1;
  const times = new Float64Array(isTimed ? MOST_ROUND_TRIPS : 0);
  const plain = Buffer.alloc(task.size);
  let trips = 0;
  let sent = 0;
  let measured = 0;
  let sentAt = 0;
  let next = 0;
  let finish = () => {};
  const window = new Window(() => trips, counters);

  function send(message: Buffer) {
    sent++;
    sockets[next]!.write(message);
    if (++next === sockets.length) next = 0;
  }
  function onReply(message: Buffer) {
    trips++;
    if (isTimed) {
      const time = performance.now();
      if (window.isOpen && measured < MOST_ROUND_TRIPS) times[measured++] = time - sentAt;
      sentAt = time;
    }
    if (!window.isOver) send(plain);
    else if (countIn(message) !== undefined) finish();
    else if (trips === sent) send(lastMessage(task.size, sent + 1));
  }

  const sockets = await setUp(task, (socket) => socket.on("data", onReply));
  const finished = new Promise<void>((resolve) => finish = resolve);
  window.begin(task);
  sentAt = performance.now();
  for (let i = 0; i < task.outstanding; i++) send(plain);
  await finished;
  const report = window.report(trips);
  await tearDown(sockets);
  return isTimed ? { ...report, roundTrip: quantiles(times.subarray(0, measured)) } : report;
}

/** In microseconds. */
function quantiles(times: Float64Array): number[] {
  times.sort();
  return SHARES.map((share) => Math.round(times[Math.floor(times.length * share)]! * 1e6) / 1e3);
}
