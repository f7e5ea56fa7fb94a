// The main job, `npm start [-- --stack kernel|userspace|auto]`: a server on Node and a client on Deno, two
// processes, exchange a few hundred messages both ways; ends with status 0 only if every byte was right.
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { type StackChoice, type StackInfo, stackInfo } from "netsctp";
import { MESSAGES, STREAMS, type Tally } from "./payload.ts";

const LIMIT_MS = 60_000;
const FOLDER = import.meta.dirname;
const NODE = [process.execPath, "--import", "tsx"];
const DENO = ["node_modules/deno/deno", "run", "--no-prompt", "--cached-only"];
const PERMISSIONS = ["--allow-ffi", "--allow-read", "--allow-env"];

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function askedStack(): StackChoice | undefined {
  try {
    return parseArgs({ options: { stack: { type: "string" } } }).values.stack as StackChoice | undefined;
  } catch (error) {
    return fail(`${(error as Error).message}\nusage: npm start -- [--stack kernel|userspace|auto]`);
  }
}

function chosenStack(): StackInfo {
  try {
    return stackInfo(askedStack());
  } catch (error) {
    return fail((error as Error).message);
  }
}

/** Both processes must agree on a UDP port, and the usual one may be taken. */
async function freeUdpPort(): Promise<string> {
  const socket = createSocket("udp4").bind(0);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return String(port);
}

/** Starts one side; gives the lines it prints, and its end once it is there. */
function start(name: string, command: string[], env: Record<string, string | undefined>) {
  const [file, ...args] = command;
  const child = spawn(file!, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  running.add(child);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.on("error", (error) => fail(`the ${name} could not be started: ${error.message}`));
  child.on("exit", (code, signal) => {
    running.delete(child);
    if (code !== 0) fail(`the ${name} ended with ${signal ?? `exit status ${code}`}`);
  });
  return {
    ended: once(child, "close"),
    async next<T>(): Promise<T> {
      const { value, done } = await lines.next();
      if (done) throw new Error(`the ${name} ended without its report`);
      return JSON.parse(value);
    },
  };
}

setTimeout(() => fail(`not done after ${LIMIT_MS / 1000} s: given up`), LIMIT_MS).unref();

const { stack, reason } = chosenStack();
console.log(`stack:     ${stack} (${reason})`);

const udpPort = process.env.NETSCTP_UDP_PORT || await freeUdpPort();
const env = { ...process.env, NETSCTP_STACK: stack, NETSCTP_UDP_PORT: udpPort };
const server = start("server", [...NODE, `${FOLDER}/server.ts`], env);
const { port } = await server.next<{ port: number }>();
const client = start("client", [...DENO, ...PERMISSIONS, `${FOLDER}/client.ts`, String(port)], env);

const sent = await client.next<{ received: Tally; seconds: number }>();
const { received } = await server.next<{ received: Tally }>();
await Promise.all([server.ended, client.ended]);

if (received.sha256 !== sent.received.sha256) {
  fail(`totals differ: ${received.sha256}, ${sent.received.sha256}`);
}
const { bytes, sha256 } = received;
const rate = (count: number, digits: number) => (2 * count / sent.seconds).toFixed(digits);
console.log(
  `exchanged: ${MESSAGES} messages on ${STREAMS} streams, ${bytes} bytes, each way; Deno to Node and back`,
);
console.log(`checked:   every stream, PPID and SHA-256, both ways; all of it ${sha256}`);
console.log(
  `rate:      ${rate(MESSAGES, 0)} messages/s, ${rate(bytes / 1e6, 1)} MB/s, in ${sent.seconds.toFixed(2)} s`,
);
