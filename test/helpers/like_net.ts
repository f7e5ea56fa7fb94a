/** Runs one script over node:net or over us, and notes what it sees, so that the two can be compared. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import type net from "node:net";

/** What the two have in common, typed as net's: a script must not know which it has. */
export type Api = typeof net;

/** What is done over either api. */
export type Script = (notes: Notes) => Promise<unknown> | void;

// deno-lint-ignore no-explicit-any -- what is no argument, too
export type Any = any;

const EVENTS = [
  "lookup",
  "connectionAttempt",
  "connectionAttemptFailed",
  "connect",
  "ready",
  "end",
  "finish",
  "drain",
  "timeout",
  "pause",
  "resume",
  "error",
  "close",
];
const ERROR_FIELDS = [
  "name",
  "code",
  "message",
  "errno",
  "syscall",
  "address",
  "port",
  "localAddress",
  "localPort",
];

export class Notes {
  readonly api: Api;
  readonly lines: string[] = [];
  readonly #open: Array<net.Socket | net.Server> = [];
  readonly #numbers = new Map<number, string>();

  constructor(api: Api) {
    this.api = api;
  }

  add(...values: unknown[]): void {
    this.lines.push(values.map((value) => this.#textOf(value)).join(" "));
  }

  #textOf(value: unknown): string {
    if (value instanceof Error) return `{ ${this.#fieldsOf(value)} }`;
    if (Buffer.isBuffer(value)) return `"${value}"`;
    if (typeof value === "function") return "function";
    if (value instanceof this.api.Socket) return "socket";
    const text = typeof value === "string" ? value : JSON.stringify(value) ?? String(value);
    return this.#withoutNumbers(text);
  }

  #fieldsOf(error: Error): string {
    const fields = error as unknown as Record<string, unknown>;
    const present = ERROR_FIELDS.filter((name) => fields[name] !== undefined);
    return present.map((name) => `${name}: ${this.#withoutNumbers(String(fields[name]))}`).join(", ");
  }

  /** Ports differ each time. */
  #withoutNumbers(text: string): string {
    for (const [port, name] of this.#numbers) text = text.replaceAll(String(port), name);
    return text;
  }

  /** What it gives or throws. */
  attempt(name: string, call: () => unknown): void {
    try {
      this.add(name, call());
    } catch (error) {
      this.add(name, "throws", error);
    }
  }

  /** Notes a socket's events, and sees to its end. */
  watch<S extends net.Socket>(socket: S, name: string, events = EVENTS): S {
    for (const event of events) socket.on(event, (...values: unknown[]) => this.add(name, event, ...values));
    return this.own(socket);
  }

  /** A server that listens on a port of its own. */
  async server(options: net.ServerOpts = {}): Promise<{ server: net.Server; port: number }> {
    const server = this.api.createServer(options);
    server.on("connection", (peer) => this.own(peer));
    this.own(server).listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, port: this.portOf(server) };
  }

  /** Sees to the end of a socket or a server. An error of a socket that nobody watches is expected. */
  own<O extends net.Socket | net.Server>(opened: O): O {
    this.#open.push(opened);
    if (opened instanceof this.api.Socket) opened.on("error", () => {});
    return opened;
  }

  portOf(server: net.Server): number {
    const { port } = server.address() as net.AddressInfo;
    this.#numbers.set(port, "PORT");
    return port;
  }

  /** A connected pair; nothing of it is noted yet. */
  async pair(serverOptions: net.ServerOpts = {}, options: Partial<net.TcpNetConnectOpts> = {}) {
    const { server, port } = await this.server(serverOptions);
    const client = this.own(this.api.connect({ port, host: "127.0.0.1", ...options }));
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
      [net.Socket],
      unknown,
    ];
    this.#numbers.set(client.localPort!, "LOCAL");
    return { server, port, client, peer };
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map((opened) =>
      new Promise<void>((resolve) => {
        if ("listen" in opened) return opened.close(() => resolve());
        if (opened.closed) return resolve();
        opened.on("error", () => {}).on("close", () => resolve()).destroy();
      })
    ));
  }
}

/** The event, or the rejection of once() by an 'error', which is noted anyway. */
export async function seen(socket: net.Socket | net.Server, event: string): Promise<void> {
  await new Promise((resolve) => socket.once(event, resolve));
}

/** So many turns of the event loop. */
export async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
