/** `netsctp bench` */
import { type Command, Option } from "commander";
import process from "node:process";
import { command, type CommonOptions, example, withStack, withTarget } from "../command.ts";
import { DIAL_ONLY, type DialOptions, withDialOptions } from "../dial.ts";
import { usageError } from "../exit_codes.ts";
import { Output } from "../output.ts";
import { parseLocal, parseTarget } from "../target.ts";
import { duration, integer, size } from "../values.ts";
import { runClient } from "./client.ts";
import { MOST_COUNT, MOST_SIZE, MOST_STREAMS } from "./protocol.ts";
import { runServer } from "./server.ts";

export interface BenchOptions extends CommonOptions, DialOptions {
  reverse?: true;
  bidir?: true;
  interval?: number;
  port?: number;
  size: number;
  streams: number;
  associations: number;
  time?: number;
  count?: number;
  server?: true;
}

/** What the client decides, and tells the server. */
const CLIENT_ONLY = ["reverse", "bidir", "size", "time", "count", "interval", "streams", "associations"];

export function benchCommand(): Command {
  const made = command("bench")
    .summary("how much passes: messages and bytes a second")
    .description(
      "Measures how fast messages pass between two ends of this program. The figures are those of the end that " +
        "received, from the first arrival to the last. Nothing but SCTP is used, on the one port.",
    );
  withTarget(
    made,
    "[target]",
    "HOST[,HOST...]:PORT of the server, or HOST; with --server, [HOST[,HOST...]:]PORT to listen at",
  );
  made
    .addOption(
      new Option("-s, --server", "be the end that waits, until stopped")
        .conflicts([...CLIENT_ONLY, ...DIAL_ONLY]),
    )
    .option("-p, --port <port>", "the port of the server, or to listen at", integer(0, 65535))
    .option("-R, --reverse", "from the server down, not from the client up")
    .addOption(new Option("--bidir", "both ways at once").conflicts("reverse"))
    .option("-l, --size <bytes>", "size of each message", size(1, MOST_SIZE), 1024)
    .option("-t, --time <time>", "how long to send. Default 5 s", duration("10ms", "1h"))
    .option("-k, --count <count>", "how many messages each sender sends at most", integer(1, MOST_COUNT))
    .option(
      "-i, --interval <time>",
      "how often to tell what has come meanwhile; 0 for not at all. Default 1 s",
      duration("0s", "1h"),
    )
    .option("--streams <count>", "streams to send on, in turn", integer(1, MOST_STREAMS), 1)
    .option("-P, --associations <count>", "associations at once", integer(1, 1000), 1);
  withDialOptions(made, { local: "B" });
  withStack(made).action(run);
  example(made, "bench --server 7778", "One end");
  example(made, "bench 127.0.0.1 7778", "The other: 1 KiB messages, five seconds, upwards");
  example(made, "bench --bidir -l 64Ki -P 4 --streams 8 10.0.0.1:7778 --json", "More at once, for programs");
  return made;
}

async function run(
  where: string | undefined,
  port: string | undefined,
  options: BenchOptions,
): Promise<void> {
  const output = new Output(options);
  const words = { where, port, portOption: options.port };
  if (options.server) {
    process.exitCode = await runServer(parseLocal(words, options.local), options, output);
  } else {
    if (where === undefined) throw usageError("bench needs HOST:PORT of a server, or --server");
    process.exitCode = await runClient(parseTarget(words), options, output);
  }
}
