/** `netsctp connect` */
import type { Command } from "commander";
import process from "node:process";
import { command, example, withStack, withTarget } from "../command.ts";
import { dial, type DialOptions, withDialOptions } from "../dial.ts";
import { Output } from "../output.ts";
import { chooseStack } from "../stack.ts";
import { formatTarget, parseTarget } from "../target.ts";
import { converse, exitCodeAfter } from "./converse.ts";
import { associationOptions, type NetcatOptions, withNetcatOptions } from "./options.ts";
import { Peer } from "./peer.ts";

type Options = NetcatOptions & DialOptions;

export function connectCommand(): Command {
  const made = command("connect")
    .summary("connect to a peer: messages from the input go to it, its own are printed")
    .description(
      "Connects to a peer, sends what is read from standard input as messages, and prints the messages that come. " +
        "After the end of the input it goes on receiving until the peer is quiet (--wait); then it ends the " +
        "association by a SHUTDOWN: all that was sent arrives first.",
    );
  withTarget(made, "<target>", "HOST[,HOST...]:PORT of the peer, or HOST; several are addresses of one peer");
  withDialOptions(withNetcatOptions(made), { local: "s", localPort: "p", connectTimeout: "w" });
  withStack(made).action(run);
  example(made, "connect 127.0.0.1 3868", "Each line typed is a message, ^D ends");
  example(made, "connect --ppid ngap --sid 1 amf.example:38412 < setup.bin", "A file as a message, for NGAP");
  example(
    made,
    "connect --mode hex --ppid m3ua --wait 2 10.0.0.1:2905 < aspup.hex",
    "Hex in, the answer as hex",
  );
  example(made, "connect 10.0.0.1,10.1.0.1:2905 --local 10.0.0.2,10.1.0.2", "Several addresses at both ends");
  return made;
}

async function run(where: string, port: string | undefined, options: Options): Promise<void> {
  const target = parseTarget({ where, port });
  const output = new Output(options);
  const info = await chooseStack(options, output);
  output.note(output.paintNote("dim", `connecting to ${formatTarget(target)}`));
  let ended: Promise<number> | undefined;
  await dial(target, { ...options, stack: info.stack }, associationOptions(options), (socket) => {
    const peer = new Peer(socket, { ...options, id: 1, output });
    ended = converse(peer, options, output);
  });
  process.exitCode = exitCodeAfter(await ended!);
}
