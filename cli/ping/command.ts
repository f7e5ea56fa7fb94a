/** `netsctp ping` */
import type { Command } from "commander";
import process from "node:process";
import type { Socket } from "../../mod.ts";
import { command, type CommonOptions, example, withStack } from "../command.ts";
import { dial, type DialOptions, withDialOptions } from "../dial.ts";
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
  size: number;
  sid: number;
  ppid: number;
  heartbeat?: true;
  serve?: true;
  quiet?: true;
}

export function pingCommand(): Command {
  const made = withStack(withDialOptions(
    command("ping")
      .summary("round trips over an association")
      .description(
        "Sends messages to a peer that sends them back (netsctp listen --echo, netsctp ping --serve), and tells how " +
          "long each takes. With --heartbeat nothing is sent but SCTP's own HEARTBEATs, which every peer answers, " +
          "and the smoothed round trip time is told that the stack measures on each path.",
      )
      .argument(
        "<target>",
        "HOST[,HOST...]:PORT of the peer; with --serve, [HOST[,HOST...]:]PORT to listen at",
      )
      .option("-c, --count <count>", "end after so many", integer(1))
      .option("-i, --interval <time>", "from one to the next", duration("1ms", "1h"), 1000)
      .option("-W, --timeout <time>", "how long to wait for an answer", duration("1ms", "1h"), 5000)
      .option("--size <bytes>", "size of each message", size(LEAST_SIZE, 1 << 20), 64)
      .option("-s, --sid <stream>", "stream to send on", integer(0, 65534), 0)
      .option("-p, --ppid <ppid>", "payload protocol identifier to send: a number or a name", parsePpid, 0)
      .option("--heartbeat", "for peers that do not echo: what the stack measures by HEARTBEATs")
      .option("--serve", "be the other end: send back all that comes, until stopped")
      .option("-q, --quiet", "tell only the statistics at the end"),
  )).action(run);
  example(made, "ping --serve 127.0.0.1:7777", "One end");
  example(made, "ping -c 5 127.0.0.1:7777", "The other: five round trips, then statistics");
  example(made, "ping --heartbeat -i 5 10.0.0.1,10.1.0.1:3868", "Both paths to a Diameter peer, every 5 s");
  return made;
}

async function run(text: string, options: PingOptions): Promise<void> {
  const output = new Output({ json: options.json });
  if (options.serve) {
    process.exitCode = await serveEcho(parseLocal(text), options, new Output(options));
    return;
  }
  const target = parseTarget(text);
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
