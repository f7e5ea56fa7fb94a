/**
 * Our half of iperf3: its control channel (TCP: states as bytes, parameters and
 * results as JSON behind their length), with the data on sockets of ours.
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect as connectTcp, createServer as createTcpServer, type Socket as TcpSocket } from "node:net";
import { connect, createServer, type Message, type Socket } from "netsctp";
import { type Life, watch } from "./events.ts";
import { closed } from "./pair.ts";

const STATE = {
  TEST_START: 1,
  TEST_RUNNING: 2,
  TEST_END: 4,
  PARAM_EXCHANGE: 9,
  CREATE_STREAMS: 10,
  EXCHANGE_RESULTS: 13,
  DISPLAY_RESULTS: 14,
  IPERF_DONE: 16,
} as const;

const COOKIE_SIZE = 37;

interface Parameters {
  sctp: boolean;
  parallel: number;
  len: number;
  reverse?: boolean;
}

interface Results {
  streams: { id: number; bytes: number }[];
}

/** What one test came to. */
export interface Report {
  /** As iperf3 tells us. */
  theirs: number;
  /** As we have counted at the very end. */
  ours: number;
  lives: Life[];
}

class Control {
  readonly #socket: TcpSocket;

  constructor(socket: TcpSocket) {
    this.#socket = socket;
  }

  async read(count: number): Promise<Buffer> {
    for (;;) {
      const bytes = this.#socket.read(count) as Buffer | null;
      if (bytes?.length === count) return bytes;
      if (bytes || this.#socket.readableEnded) throw new Error("iperf3 ended its control connection");
      await once(this.#socket, "readable");
    }
  }

  async expect(state: keyof typeof STATE): Promise<void> {
    const got = (await this.read(1)).readInt8();
    if (got !== STATE[state]) throw new Error(`iperf3 went to state ${got}, not to ${state}`);
  }

  send(...states: (keyof typeof STATE)[]): void {
    this.#socket.write(Buffer.from(states.map((state) => STATE[state])));
  }

  async readJson<T>(): Promise<T> {
    const length = (await this.read(4)).readUInt32BE();
    return JSON.parse((await this.read(length)).toString());
  }

  sendJson(value: unknown): void {
    const text = Buffer.from(JSON.stringify(value));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(text.length);
    this.#socket.write(Buffer.concat([length, text]));
  }

  end(): void {
    this.#socket.end();
  }
}

function resultsOf(counts: number[]) {
  const zeros = { retransmits: 0, jitter: 0, errors: 0, packets: 0, start_time: 0, end_time: 1 };
  const streams = counts.map((bytes, i) => ({ ...zeros, id: i === 0 ? 1 : i + 2, bytes })); // 1, 3, 4, as it counts
  return { cpu_util_total: 0, cpu_util_user: 0, cpu_util_system: 0, sender_has_retransmits: 0, streams };
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
const bytesOf = ({ streams }: Results) => sum(streams.map(({ bytes }) => bytes));

function roomOrEnd(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off("drain", settle).off("close", settle);
      resolve();
    };
    socket.on("drain", settle).on("close", settle);
  });
}

/** Writes until told to stop or until that much is written; resolves with the bytes written. */
async function blast(
  socket: Socket,
  length: number,
  most: number,
  until?: { isOver: boolean },
): Promise<number> {
  const block = Buffer.alloc(length, "netsctp");
  let written = 0;
  while (written < most && !until?.isOver && socket.writable) {
    written += length;
    if (!socket.write(block)) await roomOrEnd(socket);
  }
  return written;
}

/** Serves one `iperf3 -c HOST -p PORT --sctp`, with or without `-R`. */
export async function serve(host: string): Promise<{ port: number; report: Promise<Report> }> {
  const tcp = createTcpServer().listen(0, host);
  await once(tcp, "listening");
  const { port } = tcp.address() as { port: number };
  const connections: Socket[] = [];
  const server = createServer((peer) => connections.push(peer)).listen({ host, port });
  await once(server, "listening");
  return { port, report: session() };

  async function session(): Promise<Report> {
    const [socket] = await once(tcp, "connection") as [TcpSocket];
    tcp.close();
    const control = new Control(socket);
    const cookie = await control.read(COOKIE_SIZE);
    control.send("PARAM_EXCHANGE");
    const { sctp, parallel, len, reverse } = await control.readJson<Parameters>();
    if (!sctp) throw new Error("iperf3 does not ask for SCTP");
    control.send("CREATE_STREAMS");
    while (connections.length < parallel) await once(server, "connection");
    for (const peer of connections) {
      const [first] = await once(peer, "data") as [Message];
      if (!first.equals(cookie)) throw new Error("this is not the cookie");
    }
    const lives = connections.map(watch);
    control.send("TEST_START", "TEST_RUNNING");
    const test = { isOver: false };
    const blasts = reverse ? connections.map((peer) => blast(peer, len, Infinity, test)) : [];
    await control.expect("TEST_END");
    test.isOver = true;
    control.send("EXCHANGE_RESULTS");
    const theirs = bytesOf(await control.readJson<Results>());
    control.sendJson(resultsOf(lives.map(({ bytes }) => bytes)));
    control.send("DISPLAY_RESULTS");
    await control.expect("IPERF_DONE");
    control.end();
    await Promise.all(lives.map((life) => life.closed));
    await closed(server);
    return {
      theirs,
      ours: sum(reverse ? await Promise.all(blasts) : lives.map(({ bytes }) => bytes)),
      lives,
    };
  }
}

export interface RunOptions {
  host: string;
  port: number;
  bytes: number;
  length: number;
  reverse: boolean;
  /** Resolves when the program has read all; called when it was sent and acknowledged. */
  allRead?: () => Promise<unknown>;
}

/** Runs one test against `iperf3 -s`. */
export async function run({ host, port, bytes, length, reverse, allRead }: RunOptions): Promise<Report> {
  const tcp = connectTcp({ host, port });
  await once(tcp, "connect");
  const control = new Control(tcp);
  const cookie = Buffer.from("netsctp".padEnd(COOKIE_SIZE - 1, "x") + "\0");
  tcp.write(cookie);
  await control.expect("PARAM_EXCHANGE");
  const common = { sctp: true, omit: 0, time: 0, num: bytes, blockcount: 0, parallel: 1, len: length };
  control.sendJson({ ...common, ...(reverse && { reverse }), pacing_timer: 1000, client_version: "3.12" });
  await control.expect("CREATE_STREAMS");
  const socket = connect({ host, port });
  const life = watch(socket);
  await once(socket, "connect");
  socket.write(cookie);
  await control.expect("TEST_START");
  await control.expect("TEST_RUNNING");
  let written = 0;
  if (reverse) {
    while (life.bytes < bytes) await once(socket, "data");
  } else {
    written = await blast(socket, length, bytes);
    socket.end();
    await life.closed;
    await allRead?.();
  }
  control.send("TEST_END");
  await control.expect("EXCHANGE_RESULTS");
  control.sendJson(resultsOf([reverse ? life.bytes : written]));
  const theirs = bytesOf(await control.readJson<Results>());
  await control.expect("DISPLAY_RESULTS");
  control.send("IPERF_DONE");
  control.end();
  await life.closed;
  return { theirs, ours: reverse ? life.bytes : written, lives: [life] };
}
