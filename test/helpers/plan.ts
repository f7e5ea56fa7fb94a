/** Messages that both ends know: 1 byte to 100 KB on several streams, each checked byte for byte. */
import type { Message, Socket } from "netsctp";
import { message, payload, type Sent, write } from "./messages.ts";

export const STREAMS = 6;

const SIZES = [
  1,
  2,
  3,
  4,
  17,
  100,
  1_000,
  1_195,
  1_452,
  1_453,
  4_096,
  8_192,
  16_384,
  40_000,
  65_536,
  102_400,
];
const ROUNDS = 1;
/** WebRTC text, Diameter, M3UA, NGAP, none, and the first and the last there can be. */
const PPIDS = [51, 46, 3, 60, 0, 1, 0xffffffff];

/** The messages one end sends; each end has another seed, so that an echo would be noticed. */
export function planOf(seed: number): Sent[] {
  const plan: Sent[] = [];
  for (let n = 0; n < ROUNDS * SIZES.length; n++) {
    const size = SIZES[n * 5 % SIZES.length]!; // 5 shares no factor with 16: large ones between small ones
    plan.push({ payload: payload(size, seed + n), sid: n % STREAMS, ppid: PPIDS[n % PPIDS.length]! });
  }
  return plan;
}

/** Sends a whole plan, as fast as it goes out. */
export async function sendPlan(socket: Socket, seed: number): Promise<void> {
  for (const { payload, sid, ppid } of planOf(seed)) await write(socket, message(payload, sid, ppid));
}

/** Resolves when the whole plan has come, in order on each stream; rejects at the first thing that is not of it. */
export function checkPlan(socket: Socket, seed: number): Promise<number> {
  const expected: Sent[][] = Array.from({ length: STREAMS }, () => []);
  const plan = planOf(seed);
  for (const sent of plan) expected[sent.sid]!.push(sent);
  let missing = plan.length;
  return new Promise((resolve, reject) => {
    const onData = (got: Message) => {
      const next = expected[got.sid]?.shift();
      const what = `stream ${got.sid}, PPID ${got.ppid}, ${got.length} bytes`;
      if (!next) return settle(new Error(`${what}: nothing more was expected there`));
      if (next.ppid !== got.ppid || !next.payload.equals(got)) {
        return settle(new Error(`${what}: not the ${next.payload.length} bytes with PPID ${next.ppid} sent`));
      }
      if (--missing === 0) settle();
    };
    const onClose = () => settle(new Error(`closed, and ${missing} messages are missing`));
    const settle = (error?: Error) => {
      socket.off("data", onData).off("close", onClose);
      if (error) reject(error);
      else resolve(plan.length);
    };
    socket.on("data", onData).on("close", onClose);
  });
}
