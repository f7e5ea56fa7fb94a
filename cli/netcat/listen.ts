/** `netsctp listen` */
import { type Command, Option } from "commander";
import { once } from "node:events";
import process from "node:process";
import {
  command,
  type CommonOptions,
  example,
  parsed,
  type StackOptions,
  withStack,
  withTarget,
} from "../command.ts";
import { EXIT } from "../exit_codes.ts";
import { Output } from "../output.ts";
import { serve } from "../serve.ts";
import { stdout } from "../stdout.ts";
import { parseHosts, parseLocal, type Target } from "../target.ts";
import { integer } from "../values.ts";
import { converse, exitCodeAfter } from "./converse.ts";
import { runCommand } from "./exec.ts";
import { echo, receiveInto, sendFrom } from "./flow.ts";
import {
  associationOptions,
  formatOptions,
  inputOptions,
  type NetcatOptions,
  withNetcatOptions,
} from "./options.ts";
import { Peer } from "./peer.ts";

interface Options extends NetcatOptions, CommonOptions {
  port?: number;
  local?: string[];
  keepOpen?: true;
  echo?: true;
}

const ECHO_BYTES = 1 << 20;

export function listenCommand(): Command {
  const made = command("listen")
    .summary("wait for a peer: messages from the input go to it, its own are printed")
    .description(
      "Waits for one peer, and ends when its association has. With --keep-open it goes on: what is read from " +
        "standard input goes to all that are there. After the end of the input it goes on receiving until the peer " +
        "is quiet (--wait); then comes a SHUTDOWN, unless the input was empty.",
    );
  withTarget(
    made,
    "[local]",
    "[HOST[,HOST...]:]PORT to listen at, or HOST; without a port, or with 0, one is chosen",
  );
  withNetcatOptions(made)
    .option("-p, --port <port>", "the port to listen at", integer(0, 65535))
    .option("-s, --local <hosts>", "the addresses to listen at, separated by commas", parsed(parseHosts));
  withStack(made)
    .addOption(new Option("-k, --keep-open", "serve any number of peers, until stopped").conflicts("wait"))
    .addOption(
      new Option("--echo", "send every message back, to any number of peers; for netsctp ping")
        .conflicts([
          "exec",
          "mode",
          "newline",
          "output",
          "ppid",
          "prefix",
          "receiveOnly",
          "sid",
          "wait",
        ]),
    )
    .action(run);
  example(made, "listen -p 3868 --prefix", "Print each line that comes, with its stream and identifier");
  example(made, "listen 127.0.0.1:0 --echo", "An echo server on a port that the stack chooses");
  example(
    made,
    "listen 2905 --json --notifications --keep-open | jq .",
    "All there is to know, for programs",
  );
  example(
    made,
    "listen 7000 --keep-open --mode line --exec 'sed -u s/a/b/'",
    "A command for each association",
  );
  return made;
}

async function run(where: string | undefined, port: string | undefined, options: Options): Promise<void> {
  const local = parseLocal({ where, port, portOption: options.port }, options.local);
  const output = new Output(options);
  process.exitCode = options.keepOpen || options.echo
    ? await serveMany(local, options, output)
    : await serveOne(local, options, output);
}

async function serveOne(local: Target, options: Options, output: Output): Promise<number> {
  let ended: Promise<number> | undefined;
  const server = await serve(local, options, output, associationOptions(options), (socket) => {
    if (ended) return void socket.destroy(); // it came before the server was closed
    server.close();
    ended = converse(new Peer(socket, { ...options, id: 1, output }), options, output, true);
  });
  await once(server, "close");
  return exitCodeAfter(await ended ?? EXIT.ok);
}

/** What `ping --serve` is. */
export function serveEcho(
  local: Target,
  options: StackOptions & CommonOptions,
  output: Output,
): Promise<number> {
  return serveMany(local, { ...options, echo: true, sid: 0, ppid: 0, maxMessageSize: ECHO_BYTES }, output);
}

/** Ends only when stopped, which is success then. */
async function serveMany(local: Target, options: Options, output: Output): Promise<number> {
  const peers = new Set<Peer>();
  let count = 0;
  const server = await serve(local, options, output, associationOptions(options), (socket) => {
    const peer = new Peer(socket, { ...options, id: ++count, output });
    if (options.exec !== undefined) return void runCommand(peer, options, output);
    peers.add(peer);
    peer.ended.then(() => peers.delete(peer));
    if (options.echo) return echo(peer);
    receiveInto(peer, stdout, formatOptions(options, output, peer.id));
  });
  const isSending = options.exec === undefined && !options.echo && !options.receiveOnly;
  await new Promise<void>((resolve, reject) => {
    server.once("close", resolve);
    // Nobody could have the input before.
    if (isSending) server.once("connection", () => sendInput(options, peers).catch(reject));
  });
  return EXIT.ok;
}

const sendInput = (options: Options, peers: Set<Peer>) =>
  sendFrom(process.stdin, inputOptions(options, Boolean(process.stdin.isTTY)), () => peers);
