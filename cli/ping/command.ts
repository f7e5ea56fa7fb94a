/** `netsctp ping` */
import { type Command, Option } from "commander";
import process from "node:process";
import type { Socket } from "../../mod.ts";
import { command, type CommonOptions, example, withStack, withTarget } from "../command.ts";
import { dial, DIAL_ONLY, type DialOptions, withDialOptions } from "../dial.ts";
import { serveEcho } from "../netcat/listen.ts";
import { Output } from "../output.ts";
import { parsePpid } from "../ppids.ts";
import { chooseStack } from "../stack.ts";
import { parseLocal, parseTarget } from "../target.ts";
import { duration, integer, size } from "../values.ts";
import { LEAST_SIZE } from "./echoes.ts";
import { pingByEcho } from "./by_echo.ts";
import { pingByHeartbeat } from "./by_heartbeat.ts";

export interface PingOptions extends CommonOptions, DialOptions {
  count?: number;
  interval: number;
  timeout: number;
  deadline?: number;
  flood?: true;
  size: number;
  sid: number;
  ppid: number;
  heartbeat?: true;
  serve?: true;
  quiet?: true;
}

/** What the command line says, where defaults are still missing. */
type GivenOptions = Omit<PingOptions, "interval" | "timeout"> & Partial<PingOptions>;

const INTERVAL_MS = 1000;
/** ping(8) sends at least a hundred a second, too. */
const FLOOD_INTERVAL_MS = 10;
const TIMEOUT_MS = 5000;

/** What is said of messages; HEARTBEATs have none of it. */
const MESSAGES_ONLY = ["timeout", "flood", "size", "sid", "ppid"];

export function pingCommand(): Command {
  const made = command("ping")
    .summary("round trips over an association")
    .description(
      "Sends messages to a peer that sends them back (netsctp listen --echo, netsctp ping --serve), and tells how " +
        "long each takes. With --heartbeat nothing is sent but SCTP's own HEARTBEATs, which every peer answers, " +
        "and the smoothed round trip time that the stack measures on each path is shown, as is what becomes of a path. " +
        "It fails where no path works at the end.",
    );
  withTarget(
    made,
    "<target>",
    "HOST[,HOST...]:PORT of the peer, or HOST; with --serve, [HOST[,HOST...]:]PORT to listen at",
  );
  made
    .option("-c, --count <count>", "end after so many", integer(1))
    .option("-i, --interval <time>", "from one to the next. Default 1 s", duration("1ms", "1h"))
    .option("-s, --size <bytes>", "size of each message", size(LEAST_SIZE, 1 << 20), 64)
    .option(
      "-w, --deadline <time>",
      "end after this time, however many were answered",
      duration("1ms", "24h"),
    )
    .option("-W, --timeout <time>", "how long to wait for an answer. Default 5 s", duration("1ms", "1h"))
    .addOption(
      new Option("-f, --flood", "the next one as soon as one is answered, and at least a hundred a second")
        .conflicts("interval"),
    )
    .option("--sid <stream>", "stream to send on", integer(0, 65534), 0)
    .option("--ppid <ppid>", "payload protocol identifier to send: a number or a name", parsePpid, 0)
    .addOption(
      new Option("--heartbeat", "for peers that do not echo: what the stack measures by HEARTBEATs")
        .conflicts(MESSAGES_ONLY),
    )
    .addOption(
      new Option("--serve", "be the other end: send back all that comes, until stopped")
        .conflicts(["count", "interval", "deadline", "heartbeat", ...MESSAGES_ONLY, ...DIAL_ONLY]),
    )
    .option("-q, --quiet", "tell only the statistics at the end");
  withDialOptions(made, { local: "I" });
  withStack(made).action(run);
  example(made, "ping --serve 7777", "One end");
  example(made, "ping -c 5 127.0.0.1 7777", "The other: five round trips, then statistics");
  example(made, "ping --heartbeat -i 5 10.0.0.1,10.1.0.1:3868", "Both paths to a Diameter peer, every 5 s");
  return made;
}

async function run(where: string, port: string | undefined, given: GivenOptions): Promise<void> {
  const options: PingOptions = {
    interval: given.flood ? FLOOD_INTERVAL_MS : INTERVAL_MS,
    timeout: TIMEOUT_MS,
    ...given,
  };
  const output = new Output({ json: options.json });
  if (options.serve) {
    const local = parseLocal({ where, port }, options.local);
    process.exitCode = await serveEcho(local, options, new Output(options));
    return;
  }
  const target = parseTarget({ where, port });
  const { stack } = await chooseStack(options, output);
  const begun = performance.now();
  let ended: Promise<number> | undefined;
  await dial(target, { ...options, stack }, {}, (socket: Socket) => {
    const connectMs = performance.now() - begun;
    const by = options.heartbeat ? pingByHeartbeat : pingByEcho;
    ended = by({ socket, target, connectMs, options, output });
  });
  process.exitCode = await ended!;
}
