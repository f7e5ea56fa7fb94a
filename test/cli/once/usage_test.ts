/** An option that would do nothing beside another one is refused, and named. */
import type { Command } from "commander";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { program } from "../../../cli/program.ts";
import { infoOf, type OptionInfo } from "../../../cli/tree.ts";
import { run } from "../../helpers/command_line.ts";

/** Parses and checks a line, and does nothing. @returns what is wrong with it */
async function refusal(words: string[]): Promise<Error | undefined> {
  const root = program();
  root.commands.forEach((one: Command) => one.action(() => {}));
  return await root.parseAsync(words, { from: "user" }).then(() => undefined, (error: Error) => error);
}

const COMMON = ["--json", "--stack", "--udp-port"];
const NETCAT = [
  "--quiet",
  "--notifications",
  "--idle-timeout",
  "--streams",
  "--max-in-streams",
  "--max-message-size",
];
const SEND = ["--sid", "--ppid", "--newline"];
const IN = [...SEND, "--receive-only"];
const OUT = ["--mode", "--output", "--prefix"];
const LISTEN = ["--port", "--local", "--keep-open"];
const DIAL = ["--local-port", "--ipv4", "--ipv6", "--all-addresses", "--connect-timeout"];

/** What changes the meaning of a command, and all options that mean something beside it. */
const ROLES: [line: string, meaning: string[]][] = [
  ["bench --server", ["--port", "--local", ...COMMON]],
  ["ping 127.0.0.1:1 --serve", ["--quiet", "--local", ...COMMON]],
  [
    "ping 127.0.0.1:1 --heartbeat",
    ["--count", "--interval", "--deadline", "--quiet", "--local", ...DIAL, ...COMMON],
  ],
  ["listen --echo", [...LISTEN, ...NETCAT, ...COMMON]],
  ["listen --keep-open", [...LISTEN, ...NETCAT, ...COMMON, "--echo", "--exec", ...OUT, ...IN]],
  ["listen --receive-only", [...LISTEN, ...NETCAT, ...COMMON, ...OUT]],
  ["listen --exec cat --mode line", [...LISTEN, ...NETCAT, ...COMMON, "--prefix", "--shell", ...SEND]],
  ["connect 127.0.0.1:1 --receive-only", ["--local", ...DIAL, ...NETCAT, ...COMMON, ...OUT]],
  [
    "connect 127.0.0.1:1 --exec cat --mode line",
    ["--local", ...DIAL, ...NETCAT, ...COMMON, "--prefix", "--shell", ...SEND],
  ],
];

const VALUES: Record<string, string> = { time: "1s", hosts: "127.0.0.1", command: "cat" };
const withValue = ({ long, value, choices }: OptionInfo): string[] =>
  value === undefined ? [long] : [long, choices[0] ?? VALUES[value] ?? "100"];

const infos = new Map(infoOf(program()).commands.map((info) => [info.name, info]));

for (const [line, meaning] of ROLES) {
  test(`${line}: every option either means something or is refused`, async () => {
    const words = line.split(" ");
    for (const option of infos.get(words[0]!)!.options) {
      if (words.includes(option.long) || option.long === "--help") continue;
      const error = await refusal([...words, ...withValue(option)]);
      assert.is(error !== undefined, !meaning.includes(option.long), `${option.long}: ${error?.message}`);
      if (error) assert.ok(error.message.includes(option.long), error.message);
    }
  });
}

test("values that leave another option without a meaning", async () => {
  const wrong: [line: string, named: RegExp][] = [
    ["listen --json --output hex", /--json .*--output/],
    ["listen --json --quiet", /--json .*--quiet/],
    ["--json listen --quiet", /--json .*--quiet/],
    ["listen -v --quiet", /--notifications .*--quiet/],
    ["listen --prefix --mode raw", /--prefix/],
    ["listen --prefix --mode line --output raw", /--prefix/],
    ["listen --prefix --exec cat", /--prefix/],
    ["connect 127.0.0.1:1 --newline --mode hex", /--newline .*--mode line/],
    ["connect 127.0.0.1:1 --receive-only --mode line --output hex", /--mode .*--receive-only/],
    ["ping 127.0.0.1:1 -f -i 1", /--flood.* --interval/],
    ["bench 127.0.0.1:1 -R --bidir", /--bidir.* --reverse/],
  ];
  for (const [line, named] of wrong) {
    const error = await refusal(line.split(" "));
    assert.match(String(error?.message), named, line);
  }
  for (const line of ["connect 127.0.0.1:1 --prefix", "listen --prefix --mode line --exec cat"]) {
    assert.is((await refusal(line.split(" ")))?.message, undefined, line);
  }
});

test("exit code 64, and both are named", async () => {
  const wrong: [args: string[], named: RegExp][] = [
    [["ping", "127.0.0.1:1", "--heartbeat", "-c", "1", "-s", "100"], /--heartbeat.* --size/],
    [["connect", "::1", "1", "-4"], /--ipv4 is given, and ::1 is no IPv4 address/],
    [["ping", "127.0.0.1,[::1]:1", "-6"], /--ipv6 is given, and 127\.0\.0\.1 is no IPv6 address/],
    [["doctor", "-w", "1"], /--connect-timeout/],
  ];
  await Promise.all(wrong.map(async ([args, named]) => {
    const { code, text } = await run(args);
    assert.is(code, 64, text);
    assert.match(text, named);
  }));
});

test.run();
