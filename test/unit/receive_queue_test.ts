/** When a receive queue takes from the stack, and what it gives on, over a stack that is an array of batches. */
import { nextTick } from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Inlet, type ReceivePort, ReceiveQueue } from "../../core/association/receive_queue.ts";
import {
  ASSOC,
  BY,
  CloseReasonRecord,
  FIRST_INBOUND,
  FLAG,
  inboundPayload,
  InboundRecord,
  KIND,
  NOTIFICATION,
  NotificationRecord,
  RECEIVED,
  ReceivedRecord,
  Slab,
} from "../../core/shim/records.ts";

interface Arriving {
  kind?: number;
  text?: string;
  isPiece?: boolean;
  error?: number;
  notification?: Partial<NotificationRecord>;
}

const END: Arriving = { kind: KIND.END };
const PARTIAL_DELIVERY: Arriving = {
  kind: KIND.NOTIFICATION,
  notification: { type: NOTIFICATION.PARTIAL_DELIVERY },
};
const RESTART: Arriving = {
  kind: KIND.NOTIFICATION,
  notification: { type: NOTIFICATION.ASSOC_CHANGE, state: ASSOC.RESTART },
};
/** A SEND_FAILED of a whole message without bytes. */
const failed = (number: number): Arriving => ({
  kind: KIND.NOTIFICATION,
  notification: { type: NOTIFICATION.SEND_FAILED, sendFlags: 3, ppid: 7, number },
});
const batch = (...texts: string[]): Arriving[] => texts.map((text) => ({ text }));
const tick = () => new Promise<void>((resolve) => nextTick(resolve));

/** Returns where the last record ends. */
function fill(slab: Slab, arriving: readonly Arriving[], isMore: boolean): number {
  let at: number = FIRST_INBOUND;
  for (const { kind = KIND.MESSAGE, text = "", isPiece = false, error = 0, notification } of arriving) {
    const record = notification ? NotificationRecord : CloseReasonRecord;
    const length = kind === KIND.MESSAGE ? text.length : record.SIZE;
    const size = (InboundRecord.SIZE + length + 7) & ~7;
    const flags = isPiece ? 0 : FLAG.END_OF_RECORD;
    const rest = { sid: 0, ssn: 0, ppid: 0, tsn: 0, cumulativeTsn: 0, association: 0 };
    InboundRecord.write(slab, at, { ...rest, size, length, kind, flags });
    const payload = inboundPayload(at);
    if (kind === KIND.MESSAGE) slab.bytes.write(text, payload);
    else if (notification) {
      slab.bytes.fill(0, payload, payload + length);
      NotificationRecord.write(slab, payload, { ...NotificationRecord.read(slab, payload), ...notification });
    } else CloseReasonRecord.write(slab, payload, { error, by: BY.PEER, cause: 12, refusedUdpPort: 0 });
    at += size;
  }
  const isFailed = arriving.at(-1)?.kind === KIND.ERROR;
  const flags = (isMore ? RECEIVED.MORE : 0) | (isFailed ? RECEIVED.FAILED : 0);
  ReceivedRecord.write(slab, 0, { count: arriving.length, flags });
  return at;
}

/** A queue of 10 bytes over these batches, and what it has given. */
function queueOver(...batches: Arriving[][]) {
  const given: string[] = [];
  const state = {
    yields: 0,
    isReading: true,
    batches,
    result: 0,
    explanation: "",
    givesUp: false,
    isHeard: true,
  };
  const slab = new Slab(4096);
  const inlet: Inlet & { number: number } = {
    number: 7,
    loop: { borrow: () => slab, giveBack() {}, explain: () => state.explanation },
    receive(slab) {
      if (state.result < 0) return state.result;
      const next = batches.shift() ?? [];
      return fill(slab, next, batches.length > 0);
    },
    giveUp: () => state.givesUp,
    yieldTurn: () => void state.yields++,
  };
  const port: ReceivePort & { onText?: (text: string) => void } = {
    listener: {
      onMessage(message) {
        given.push(message.toString());
        port.onText?.(message.toString());
      },
      onPiece: () => void given.push("piece"),
      get wantsUndelivered() {
        return state.isHeard;
      },
      onUndelivered: ({ data, reason }) => void given.push(`${reason}: ${data.ppid}`),
    },
    onNotification: ({ content }) => void given.push(content.type),
    onClosed: ({ kind, by, errno, amount, explanation }) =>
      void given.push([`${kind} by ${by}: ${errno}, ${amount}`, explanation].filter(Boolean).join(": ")),
    onFlow: (isReading) => void (state.isReading = isReading),
    resume: () => queue.receive(),
  };
  const queue = new ReceiveQueue(inlet, port, 10, 20);
  return { queue, given, state, port, inlet };
}

test("a reader that consumes each message at once gets batch after batch, with a turn for others between", () => {
  const { queue, given, state, port } = queueOver(batch("0123456789", "b"), batch("c"));
  port.onText = (text) => queue.consumed(text.length);
  queue.onReadable();
  assert.equal([given, state.yields, state.isReading], [["0123456789", "b"], 1, true]);
  queue.onReadable(); // its turn
  assert.equal([given.at(-1), state.yields], ["c", 1]);
});

test("with its mark of unread bytes reached it leaves the rest in the stack until some are consumed", async () => {
  const { queue, given, state } = queueOver(batch("01234", "56789"), batch("c"));
  queue.onReadable();
  assert.equal([given.length, state.isReading, state.yields], [2, false, 0]);
  queue.request(); // who asks without having consumed gets nothing
  assert.is(given.length, 2);
  queue.consumed(5);
  assert.equal([given.length, state.isReading], [2, true], "not within the reader's call");
  await tick();
  assert.equal(given, ["01234", "56789", "c"]);
});

test("a message of more bytes than the mark is given as well, and holds back what comes behind it", async () => {
  const { queue, given } = queueOver(batch("0123456789abc"), batch("d"));
  queue.onReadable();
  queue.onReadable();
  assert.is(given.length, 1);
  queue.consumed(13);
  await tick();
  assert.equal(given, ["0123456789abc", "d"]);
});

test("held, it takes nothing before the reader asks; a reader that has asked is not held", () => {
  const { queue, given } = queueOver(batch("a"), batch("b"));
  queue.hold();
  queue.onReadable();
  assert.equal(given, []);
  queue.request();
  assert.equal(given, ["a"]);
  queue.hold();
  queue.onReadable();
  assert.equal(given, ["a", "b"]);
});

test("pieces are joined, and an end in the middle of a message says how much of it had come", () => {
  const whole = queueOver([{ text: "ab", isPiece: true }, { text: "c" }, END]);
  whole.queue.onReadable();
  assert.equal(whole.given, ["piece", "abc", "shutdown by peer: 0, 0"]);
  const cut = queueOver([{ text: "ab", isPiece: true }, END]);
  cut.queue.onReadable();
  assert.equal(cut.given, ["piece", "cut by peer: 0, 2"]);
});

test("a message beyond the limit, and an error of the association, are its end", () => {
  const large = queueOver([{ text: "0123456789abc", isPiece: true }, { text: "0123456789abc" }]);
  large.queue.onReadable();
  assert.equal(large.given, ["piece", "too large by local: 0, 20"]);
  const error = queueOver([{ text: "a" }, { kind: KIND.ERROR, error: 104 }]);
  error.queue.onReadable();
  assert.equal(error.given, ["a", "error by peer: 104, 0"]);
});

test("a receive call that fails is the end, and explained", () => {
  const { queue, given, state } = queueOver(batch("a"));
  queue.onReadable();
  state.result = -12;
  state.explanation = "no memory";
  queue.onReadable();
  queue.onReadable();
  assert.equal(given, ["a", "error by local: 12, 0: no memory"]);
});

test("an error's explanation is that of its receive call, whatever listeners have called before it is given", () => {
  const { queue, given, state, port } = queueOver([{ text: "a" }, { kind: KIND.ERROR, error: 111 }]);
  state.explanation = "no process has the port";
  port.onText = () => state.explanation = "another call's";
  queue.onReadable();
  assert.equal(given, ["a", "error by peer: 111, 0: no process has the port"]);
});

test("nothing is explained but an error: what the shim remembers is another call's", () => {
  const { queue, given, state } = queueOver([{ text: "a" }, END]);
  state.explanation = "another call's";
  queue.onReadable();
  assert.equal(given, ["a", "shutdown by peer: 0, 0"]);
});

test("a partial delivery that is broken off costs its message; if nothing comes behind it, the end is a cut", () => {
  const piece = { text: "ab", isPiece: true };
  const cut = queueOver([piece, PARTIAL_DELIVERY, END]);
  cut.queue.onReadable();
  assert.equal(cut.given, ["piece", "partial-delivery", "cut by peer: 0, 2"]);
  const whole = queueOver([piece, PARTIAL_DELIVERY, { text: "c" }, END]);
  whole.queue.onReadable();
  assert.equal(whole.given, ["piece", "partial-delivery", "c", "shutdown by peer: 0, 0"]);
});

test("a restart costs the message that was under way, and nothing else", () => {
  const { queue, given } = queueOver([{ text: "ab", isPiece: true }, RESTART, { text: "c" }], [END]);
  queue.onReadable();
  queue.consumed(1);
  queue.onReadable();
  assert.equal(given, ["piece", "association-change", "c", "shutdown by peer: 0, 0"]);
  const last = queueOver([{ text: "ab", isPiece: true }, RESTART, END]);
  last.queue.onReadable();
  assert.is(last.given.at(-1), "shutdown by peer: 0, 0");
});

test("pieces are dropped with their end: they are not joined with what the next attempt brings", () => {
  const { queue, given, inlet } = queueOver([{ text: "ab", isPiece: true }, END], batch("c"));
  queue.onReadable();
  inlet.number++;
  queue.onReadable();
  assert.equal(given, ["piece", "cut by peer: 0, 2", "c"]);
});

test("behind its end nothing is given, of the same batch or another; the next attempt to connect has its own", () => {
  const { queue, given, inlet } = queueOver(
    [{ text: "0123456789abc", isPiece: true }, { text: "0123456789abc" }, { text: "a" }, END],
    batch("b"),
    batch("c"),
  );
  queue.onReadable();
  queue.onReadable();
  assert.equal(given, ["piece", "too large by local: 0, 20"]);
  inlet.number++;
  queue.onReadable();
  assert.equal(given.slice(2), ["b"]);
});

test("discarding, it does not mind how large a message is", () => {
  const { queue, given } = queueOver([
    { text: "0123456789abc", isPiece: true },
    { text: "0123456789abc" },
    END,
  ]);
  queue.discard();
  queue.onReadable();
  assert.equal(given, ["piece", "shutdown by peer: 0, 0"]);
});

test("discarding, it reads on whatever is unread, and gives nothing but the end", () => {
  const { queue, given, state } = queueOver(batch("0123456789"), [...batch("b"), END]);
  queue.onReadable();
  assert.is(state.isReading, false);
  queue.discard();
  assert.equal(given, ["0123456789", "shutdown by peer: 0, 0"]);
});

test("what was not delivered comes when it is known why: before a restart, before the end, or with all that there is", () => {
  const restarting = queueOver([failed(0), failed(1), RESTART]);
  restarting.queue.onReadable();
  const back = (reason: string) => `${reason}: 7`;
  const FAILURES = ["send-failed", "send-failed"];
  assert.equal(restarting.given, [...FAILURES, back("restart"), back("restart"), "association-change"]);

  const ending = queueOver([failed(0)], [failed(1), END]);
  ending.queue.onReadable();
  assert.equal(ending.given, ["send-failed"]); // there is more to come
  ending.queue.onReadable();
  assert.equal(ending.given.slice(0, 4), [...FAILURES, back("association"), back("association")]);
  assert.match(ending.given[4]!, /^shutdown/);

  const goingOn = queueOver([failed(0), { text: "a" }]);
  goingOn.queue.onReadable();
  assert.equal(goingOn.given, ["send-failed", "a", back("expired")]);
});

test("giving up, it waits for what was not delivered where the stack can say so, and its end stays its own", () => {
  const large = [{ text: "0123456789abc", isPiece: true }, { text: "0123456789abc" }, { text: "a" }];
  const failing = [failed(0), { kind: KIND.ERROR, error: 103 }];
  const { queue, given, state } = queueOver(large, failing, batch("b"));
  state.givesUp = true;
  queue.onReadable();
  assert.equal(given, ["piece"]);
  for (let i = 0; i < 2; i++) queue.onReadable();
  assert.equal(given.slice(1), ["send-failed", "association: 7", "too large by local: 0, 20"]);

  const unheard = queueOver(large, failing);
  unheard.state.isHeard = false;
  unheard.state.givesUp = true;
  unheard.queue.onReadable();
  assert.equal(unheard.given, ["piece", "too large by local: 0, 20"]);
});

test("of a handle that a listener gives up nothing more is given", () => {
  const { queue, given, port, inlet } = queueOver(batch("a", "b"));
  port.onText = () => inlet.number = 0;
  queue.onReadable();
  assert.equal(given, ["a"]);
});

test("bytes counts payload, of pieces as well, when it comes", () => {
  const { queue } = queueOver([{ text: "abc", isPiece: true }, { text: "de" }]);
  queue.onReadable();
  assert.is(queue.bytes, 5);
});

test.run();
