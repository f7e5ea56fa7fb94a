/** The command line on the kernel's stack, against programs that are not ours. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listener, netsctp, objectsIn, run } from "../../helpers/command_line.ts";
import { beside, freePort, start } from "../../helpers/programs.ts";
import { sentBy, textOf } from "../../helpers/sctp_test.ts";

const HOST = "127.0.0.1";
const portOf = (at: string) => at.split(":")[1]!;

test("ncat connects: lines both ways, and its end", async () => {
  const { program, at } = await listener(["--mode", "line"]);
  await beside(start(["ncat", "--sctp", HOST, portOf(at)]), async (ncat) => {
    ncat.write("question\n");
    await program.says(/question/);
    program.write("answer\n");
    await ncat.says(/answer/);
    ncat.end();
    await program.succeeds();
    assert.is(program.stdout.toString(), "question\n");
  });
});

test("ncat listens: it gets lines with their newline, and our end", async () => {
  const port = await freePort();
  await beside(start(["ncat", "--sctp", "-v", "-l", HOST, String(port)]), async (ncat) => {
    await ncat.says(/Listening on/);
    const { code } = await run(["connect", `${HOST}:${port}`, "--mode", "line", "--newline"], "one\ntwo\n");
    assert.is(code, 0);
    await ncat.succeeds();
    assert.is(ncat.stdout.toString(), "one\ntwo\n");
  });
});

test("socat SCTP-CONNECT, against --exec", async () => {
  const { program, at } = await listener(["--exec", "sed -u s/hello/HELLO/"]);
  const socat = start(["socat", "-t", "5", "-", `SCTP4-CONNECT:${at}`]);
  await beside(socat, async () => {
    socat.write("hello\n");
    await socat.says(/HELLO/);
    socat.end();
    await program.succeeds();
  });
});

test("socat SCTP-LISTEN echoes: ping measures it, and it sees our end", async () => {
  const port = await freePort();
  await beside(start(["socat", "-d", "-d", `SCTP4-LISTEN:${port},bind=${HOST}`, "PIPE"]), async (socat) => {
    await socat.says(/listening on/);
    const { code, stdout, text } = await run(["ping", `${HOST}:${port}`, "-c", "3", "-i", "20ms", "--json"]);
    assert.is(code, 0, text);
    assert.is(objectsIn(stdout).at(-1)!.received, 3);
    await socat.succeeds();
  });
});

test("sctp_test sends: every message with its stream, identifier and length", async () => {
  const { program, at } = await listener(["--json"]);
  const ends = ["-H", HOST, "-P", String(await freePort()), "-h", HOST, "-p", portOf(at)];
  await beside(
    start(["sctp_test", ...ends, "-s", "-d", "2", "-c", "4", "-x", "2", "-M", "5", "-o", "1", "-T"]),
    async (peer) => {
      await peer.succeeds();
      await program.succeeds();
      const sent = sentBy(peer.text);
      assert.ok(sent.length >= 10, peer.text);
      const messages = objectsIn(program.stdout).filter(({ event }) => event === "message");
      const byStream = (a: { sid: number }, b: { sid: number }) => a.sid - b.sid;
      assert.equal(
        messages.map(({ length, sid, ppid }) => ({ length, sid: Number(sid), ppid })).toSorted(byStream),
        sent.toSorted(byStream),
      );
      for (const { text, length } of messages) assert.is(text, textOf(length).toString());
    },
  );
});

test("sctp_darn prints stream, identifier and text of what connect sends; ping --heartbeat asks nothing of it", async () => {
  const port = await freePort();
  await beside(start(["sctp_darn", "-H", HOST, "-P", String(port), "-l"]), async (darn) => {
    await darn.says(/listening/);
    // It converts no identifier, and prints no last byte.
    const { code } = await run([
      "connect",
      `${HOST}:${port}`,
      "--sid",
      "4",
      "--ppid",
      "0x2e000000",
      "--mode",
      "line",
    ], "alpha\n");
    assert.is(code, 0);
    await darn.says(/sinfo_stream 4\n[^]*sinfo_ppid 46\n[^]*DATA\(5\): +alph\b/);
    await darn.says(/SHUTDOWN_COMP/);
    const ping = await run(["ping", "--heartbeat", "-c", "2", "-i", "100ms", `${HOST}:${port}`, "--json"]);
    assert.is(ping.code, 0, ping.text);
    assert.equal(objectsIn(ping.stdout).map(({ event }) => event), [
      "connected",
      "path",
      "path",
      "statistics",
    ]);
    await darn.says(/SHUTDOWN_COMP/);
    assert.is(darn.text.match(/DATA\(/g)!.length, 1);
  });
});

test("sctp_darn echoes: both addresses of each end are used", async () => {
  const port = await freePort();
  await beside(
    start(["sctp_darn", "-H", HOST, "-B", "127.0.0.2", "-P", String(port), "-l", "-e"]),
    async (darn) => {
      await darn.says(/listening/);
      const { code, stdout, text } = await run(
        [
          "ping",
          `${HOST},127.0.0.2:${port}`,
          "--local",
          "127.0.0.3,127.0.0.4",
          "-c",
          "2",
          "-i",
          "20ms",
          "--json",
        ],
      );
      assert.is(code, 0, text);
      const [connected] = objectsIn(stdout);
      assert.equal([connected!.stack, connected!.remoteAddresses.sort()], ["kernel", [HOST, "127.0.0.2"]]);
    },
  );
});

test("ours on both ends: refused, several addresses, bench", async () => {
  const port = await freePort();
  assert.is((await run(["connect", `${HOST}:${port}`])).code, 3);

  const both = netsctp("listen", "127.0.0.1,127.0.0.2:0", "--json");
  const [, at] = await both.says(/"port":(\d+)/);
  assert.is((await run(["connect", `127.0.0.2,127.0.0.1:${at}`], "hello")).code, 0);
  await both.succeeds();
  const [listening, connected, message] = objectsIn(both.stdout);
  assert.is(listening!.addresses.length, 2);
  assert.is(connected!.stack, "kernel");
  assert.is(message!.text, "hello");

  const server = await listener(["--server"], ["bench"]);
  await beside(server.program, async () => {
    const { code, stdout, text } = await run([
      "bench",
      server.at,
      "--bidir",
      "-k",
      "300",
      "--streams",
      "3",
      "--json",
    ]);
    assert.is(code, 0, text);
    assert.equal(objectsIn(stdout).map(({ messages, bytes }) => [messages, bytes]), [[300, 307200], [
      300,
      307200,
    ]]);
  });
});

test.run();
