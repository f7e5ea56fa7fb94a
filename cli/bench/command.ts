/** `netsctp bench` */
import { type Command, Option } from "commander";
import process from "node:process";
import { command, type CommonOptions, example, withStack } from "../command.ts";
import { type DialOptions, withDialOptions } from "../dial.ts";
import { usageError } from "../exit_codes.ts";
import { Output } from "../output.ts";
import { parseLocal, parseTarget } from "../target.ts";
import { duration, integer, size } from "../values.ts";
import { runClient } from "./client.ts";
import { type Direction, DIRECTIONS, MOST_COUNT, MOST_SIZE, MOST_STREAMS } from "./protocol.ts";
import { runServer } from "./server.ts";

export interface BenchOptions extends CommonOptions, DialOptions {
  direction: Direction;
  size: number;
  streams: number;
  associations: number;
  time?: number;
  count?: number;
  server?: true;
}

export function benchCommand(): Command {
  const made = withStack(withDialOptions(
    command("bench")
      .summary("how much passes: messages and bytes a second")
      .description(
        "Measures how fast messages pass between two ends of this program. What is told was counted by whoever " +
          "received, from the first arrival to the last. Nothing but SCTP is used, on the one port.",
      )
      .argument(
        "[target]",
        "HOST[,HOST...]:PORT of the server; with --server, [HOST[,HOST...]:]PORT to listen at",
      )
      .option("--server", "be the end that waits, until stopped")
      .addOption(
        new Option("-d, --direction <direction>", "from the client up, from the server down, or both at once")
          .choices(DIRECTIONS).default("up"),
      )
      .option("--size <bytes>", "size of each message", size(1, MOST_SIZE), 1024)
      .option("-T, --time <time>", "how long to send. Default 5 s", duration("10ms", "1h"))
      .option("-c, --count <count>", "how many messages each sender sends at most", integer(1, MOST_COUNT))
      .option("--streams <count>", "streams to send on, in turn", integer(1, MOST_STREAMS), 1)
      .option("-n, --associations <count>", "associations at once", integer(1, 1000), 1),
  )).action(run);
  example(made, "bench --server 7778", "One end");
  example(made, "bench 127.0.0.1:7778", "The other: 1 KiB messages, five seconds, upwards");
  example(
    made,
    "bench -d both --size 64Ki -n 4 --streams 8 10.0.0.1:7778 --json",
    "More at once, for programs",
  );
  return made;
}

async function run(text: string | undefined, options: BenchOptions): Promise<void> {
  const output = new Output(options);
  if (options.server) {
    process.exitCode = await runServer(parseLocal(text ?? "0"), options, output);
  } else {
    if (text === undefined) throw usageError("bench needs HOST:PORT of a server, or --server");
    process.exitCode = await runClient(parseTarget(text), options, output);
  }
}
