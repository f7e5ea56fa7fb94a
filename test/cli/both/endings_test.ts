/** Exit codes: what went wrong can be told from them, and from the text. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { blackHole, skip, stack } from "../../helpers/capabilities.ts";
import { COMMAND, listener, netsctp, objectsIn, run } from "../../helpers/command_line.ts";
import { closed, endpointOf, listening } from "../../helpers/pair.ts";
import { beside, freePort, start } from "../../helpers/programs.ts";

/** The text, and with --json the object, for one command line. */
async function failure(args: string[]): Promise<{ code: number | null; text: string }> {
  const plain = await run(args);
  const json = await run([...args, "--json"]); // only now: both may want the same UDP port
  const [error, ...others] = objectsIn(json.stdout);
  assert.is(others.length, 0, json.text);
  assert.is(error!.event, "error");
  assert.is(error!.exitCode, plain.code);
  assert.is(json.code, plain.code);
  assert.ok(plain.text.includes(error!.message), plain.text);
  assert.match(plain.text, /netsctp: /);
  return plain;
}

test("64: a command line that is wrong; the text says what would be right", async () => {
  const wrong: [string[], RegExp][] = [
    [["conect"], /Did you mean connect/],
    [["connect", "--jsn", "127.0.0.1:1"], /Did you mean --json/],
    [["connect"], /missing required argument 'target'/],
    [["connect", "127.0.0.1"], /has no port/],
    [["connect", "::1"], /\[::1\]:PORT/],
    [["connect", "127.0.0.1:99999"], /is no port/],
    [["connect", "a.example,b.example:1"], /is a name/],
    [["connect", "127.0.0.1:1", "--ppid", "ngab"], /a name such as ngap is wanted: iua, .*diameter/],
    [["connect", "127.0.0.1:1", "--mode", "lines"], /Allowed choices are line/],
    [["connect", "127.0.0.1:1", "--shell"], /--exec/],
    [["ping", "127.0.0.1:1", "-i", "1d"], /200ms/],
    [["bench"], /--server/],
  ];
  await Promise.all(wrong.map(async ([args, text]) => {
    const { code, text: said } = await failure(args);
    assert.is(code, 64, args.join(" "));
    assert.match(said, text);
  }));
});

test("3: the peer refuses", async () => {
  // On the userspace stack somebody has to have the UDP port, who then has no such SCTP port.
  const server = await listening();
  const port = await freePort();
  const { code, text } = await failure(["connect", `127.0.0.1:${port}`]);
  assert.is(code, 3, text);
  assert.match(text, /ECONNREFUSED 127\.0\.0\.1:\d+/);
  await closed(server);
});

test("4: nobody answers", async () => {
  if (blackHole.reason) return skip("4: nobody answers", blackHole.reason);
  const udp = blackHole.udpPort ? ["--udp-port", String(blackHole.udpPort)] : [];
  const { code, text } = await failure([
    "connect",
    `${blackHole.host}:${blackHole.port}`,
    "-w",
    "300ms",
    ...udp,
  ]);
  assert.is(code, 4, text);
});

test("4: nothing came and nothing went, and the peer sees an end in order", async () => {
  const { program, at } = await listener([]);
  await beside(netsctp("connect", at, "--idle-timeout", "100ms"), async (client) => {
    assert.is((await client.ended).code, 4, client.text);
    await program.succeeds();
  });
});

test("5: the peer aborts", async () => {
  const server = await listening();
  const { host, port } = endpointOf(server);
  await beside(netsctp("connect", `${host}:${port}`, "--json"), async (client) => {
    const [socket] = await once(server, "connection") as [Socket];
    await client.says(/connected/);
    socket.on("error", () => {}).destroy();
    assert.is((await client.ended).code, 5);
    const { event, reason, code } = objectsIn(client.stdout).at(-1)!;
    assert.equal({ event, reason, code }, { event: "closed", reason: "aborted", code: "ECONNRESET" });
  });
  await closed(server);
});

test("6: a name that nobody knows", async () => {
  assert.is((await failure(["connect", "nobody.invalid:1"])).code, 6);
});

test("8: what cannot be bound to", async () => {
  assert.is((await failure(["listen", "192.0.2.1:0"])).code, 8);
});

test("2: no library", async () => {
  const program = start([...COMMAND, "connect", "127.0.0.1:1"], { NETSCTP_LIBRARY: "/no/such/directory" });
  assert.is((await program.ended).code, 2, program.text);
});

test("130, 143: stopped; the peer sees an end in order. 0 for who only ends so", async () => {
  for (const [signal, exit] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const { program, at } = await listener(["--json"]);
    await beside(netsctp("connect", at), async (client) => {
      await client.says(/connected to/);
      client.kill(signal);
      assert.is((await client.ended).code, exit);
      await program.succeeds();
      assert.is(objectsIn(program.stdout).at(-1)!.reason, "shutdown");
    });
  }
  const { program } = await listener(["--keep-open"]);
  program.kill("SIGINT");
  await program.succeeds();
  const { program: waiting } = await listener([]);
  waiting.kill("SIGTERM");
  assert.is((await waiting.ended).code, 143);
});

test("141: nobody reads its output any more", async () => {
  const { program, at } = await listener(["--mode", "line", "--keep-open"]);
  await beside(program, async () => {
    const command = `'${
      [...COMMAND, "connect", at, "--mode", "line"].join("' '")
    }' | head -n 1; echo "\${PIPESTATUS[0]}"`;
    await beside(start(["bash", "-c", command]), async (shell) => {
      await program.says(/#1 connected/);
      program.write("one\n");
      await shell.says(/one/);
      // head may not have gone yet when the second line comes.
      const more = setInterval(() => program.write("more\n"), 50);
      await shell.says(/^141$/m);
      clearInterval(more);
    });
    await program.says(/#1 aborted: read ECONNRESET/);
  });
});

test("141: nobody reads the statistics of a ping", async () => {
  const { program, at } = await listener(["--echo"]);
  await beside(program, async () => {
    const command = `'${
      [...COMMAND, "ping", at, "-i", "50ms"].join("' '")
    }' | head -n 1; echo "\${PIPESTATUS[0]}"`;
    await beside(start(["bash", "-c", command]), (shell) => shell.says(/connected to .*\n141\n/));
  });
});

test("help and version", async () => {
  const help = await run(["help", "connect"]);
  assert.is(help.code, 0);
  assert.match(help.stdout.toString(), /^Usage: netsctp connect .*Examples:/s);
  const { event, text } = objectsIn((await run(["connect", "--help", "--json"])).stdout)[0]!;
  assert.is(event, "help");
  assert.is(text, help.stdout.toString());
  assert.match((await run(["--version"])).stdout.toString(), /^\d+\.\d+\.\d+\n$/);
  assert.is(objectsIn((await run(["--version", "--json"])).stdout)[0]!.event, "version");
  assert.is((await run([])).code, 64);
});

if (stack === "userspace") {
  test("the stack that is asked for, or the reason against it", async () => {
    const { program, at } = await listener([]);
    assert.match((await run(["connect", at, "--stack", "userspace"])).text, /\(userspace\)/);
    await program.succeeds();
  });
}

test.run();
