/** listen and connect: what goes in as a message comes out as one. */
import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listener, netsctp, objectsIn, run } from "../../helpers/command_line.ts";
import { beside } from "../../helpers/programs.ts";

test("lines: a message each, with stream and identifier; the end of the input is a SHUTDOWN", async () => {
  const { program, at } = await listener(["--prefix", "--mode", "line"]);
  const sent = await run(
    ["connect", at, "--mode", "line", "--ppid", "NGAP", "--sid", "3"],
    "one\n\ntwo\r\nthree",
  );
  assert.is(sent.code, 0, sent.text);
  await program.succeeds();
  assert.is(program.stdout.toString(), "[3/60 ngap] one\n[3/60 ngap] two\n[3/60 ngap] three\n");
});

test("connect HOST PORT, listen -p PORT and listen HOST PORT, as netcat has them", async () => {
  for (const listen of [["-s", "127.0.0.1", "-p", "0"], ["127.0.0.1", "0"], ["::1", "0"]]) {
    const program = netsctp("listen", ...listen);
    await beside(program, async () => {
      const [, host, port] = await program.says(/listening on \[?([\d.:]+?)\]?:(\d+) /);
      assert.is((await run(["connect", host!, port!], "hello")).code, 0);
      await program.succeeds();
      assert.is(program.stdout.toString(), "hello");
    });
  }
});

test("--newline sends what ends a line, too", async () => {
  const { program, at } = await listener(["--json"]);
  await run(["connect", at, "--mode", "line", "--newline"], "one\r\ntwo\n");
  await program.succeeds();
  const texts = objectsIn(program.stdout).filter(({ event }) => event === "message").map(({ text }) => text);
  assert.equal(texts, ["one\r\n", "two\n"]);
});

test("whole and raw: any bytes, in one message and with nothing added", async () => {
  const bytes = randomBytes(300_000);
  const { program, at } = await listener(["--mode", "raw"]);
  assert.is((await run(["connect", at, "--mode", "whole"], bytes)).code, 0);
  await program.succeeds();
  assert.ok(program.stdout.equals(bytes));

  const second = await listener(["--json"]);
  await run(["connect", second.at, "--mode", "whole"], bytes);
  await second.program.succeeds();
  const [message, ...others] = objectsIn(second.program.stdout).filter(({ event }) => event === "message");
  assert.is(others.length, 0);
  assert.is(message!.length, bytes.length);
  assert.ok(Buffer.from(message!.base64, "base64").equals(bytes));
  assert.not("text" in message!);
});

test("hex: what --output hex prints, --mode hex reads", async () => {
  const hex = "2/3 010003010000000c\n0/60 00\n9/4294967295 ff00ff\n";
  const { program, at } = await listener(["--output", "hex"]);
  assert.is((await run(["connect", at, "--mode", "hex"], hex)).code, 0);
  await program.succeeds();
  // Streams are in no order among each other.
  const lines = (text: string) => text.trim().split("\n").sort();
  assert.equal(lines(program.stdout.toString()), lines(hex));
});

test("hex: blanks, comments, defaults; a line that is none ends it in order, and tells which", async () => {
  const { program, at } = await listener(["--output", "hex"]);
  const sent = await run(
    ["connect", at, "--mode", "hex", "--sid", "1", "--ppid", "m3ua"],
    "# ASPUP\n01 00:03 01 # and so on\nxyz\n",
  );
  assert.is(sent.code, 1);
  assert.match(sent.text, /"xyz" is no line of hex/);
  await program.succeeds();
  assert.is(program.stdout.toString(), "1/3 01000301\n");
});

test("dump shows bytes and letters", async () => {
  const { program, at } = await listener(["--output", "dump"]);
  await run(["connect", at, "--ppid", "0x2e"], "netsctp\x00\xff and more");
  await program.succeeds();
  const text = program.stdout.toString();
  assert.match(text, /^stream 0, ppid 46 diameter, 19 bytes\n00000000 {2}6e 65 74 73 63 74 70 00 c3 bf /);
  assert.match(text, /\|netsctp\.\.\. and m\|\n00000010 {2}6f 72 65 +\|ore\|/);
});

test("both ways, answers after the end of the input with --wait", async () => {
  const { program, at } = await listener(["--mode", "line"]);
  await beside(netsctp("connect", at, "--mode", "line", "--wait", "1h"), async (client) => {
    client.end("question\n");
    await program.says(/question/);
    program.write("answer\n");
    await client.says(/answer/);
    program.end();
    await Promise.all([client.succeeds(), program.succeeds()]);
  });
});

test("--keep-open: the input goes to all, and what they say is told apart", async () => {
  const { program, at } = await listener(["--keep-open", "--mode", "line", "--prefix"]);
  await beside(
    program,
    () =>
      beside(
        netsctp("connect", at, "--mode", "line"),
        (first) =>
          beside(netsctp("connect", at, "--mode", "line"), async (second) => {
            await program.says(/#2 connected/);
            program.write("to all\n");
            await Promise.all([first.says(/to all/), second.says(/to all/)]);
            second.write("from one\n");
            await program.says(/#\d \[0\/0\] from one/);
            first.end();
            second.end();
            await Promise.all([first.succeeds(), second.succeeds()]);
            program.kill("SIGINT");
            await program.succeeds();
          }),
      ),
  );
});

test("an empty input ends nothing where one listens", async () => {
  const { program, at } = await listener([]);
  program.end();
  assert.is((await run(["connect", at], "still there")).code, 0);
  await program.succeeds();
  assert.is(program.stdout.toString(), "still there");
});

test("--json: every line is an object, and the life of an association is in them", async () => {
  const { program, at } = await listener(["--json", "--notifications"]);
  const sent = await run(["connect", at, "--json", "--mode", "line", "--ppid", "diameter"], "hällo\n");
  await program.succeeds();
  const events = objectsIn(program.stdout);
  assert.equal(
    new Set(events.map(({ event }) => event)),
    new Set(["listening", "connected", "notification", "message", "closed"]),
  );
  const { base64, ...message } = events.find(({ event }) => event === "message")!;
  assert.equal(message, {
    event: "message",
    id: 1,
    sid: 0,
    ppid: 46,
    ppidName: "diameter",
    length: 6,
    text: "hällo",
  });
  assert.is(Buffer.from(base64, "base64").toString(), "hällo");
  const { event, id, reason, by, messagesIn, bytesIn } = events.at(-1)!;
  assert.equal({ event, id, reason, by, messagesIn, bytesIn }, {
    event: "closed",
    id: 1,
    reason: "shutdown",
    by: "peer",
    messagesIn: 1,
    bytesIn: 6,
  });
  assert.equal(objectsIn(sent.stdout).map(({ event }) => event), ["connected", "closed"]);
});

test.run();
