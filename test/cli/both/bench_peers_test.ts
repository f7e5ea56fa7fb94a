/** What a peer of bench says is checked, at both ends: it may be anybody. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket } from "netsctp";
import { CONTROL, type Control, DATA, helloOf, LAST, type Task } from "../../../cli/bench/protocol.ts";
import { listener, run } from "../../helpers/command_line.ts";
import { closed, endpointOf, listening } from "../../helpers/pair.ts";
import { beside } from "../../helpers/programs.ts";

const say = (socket: Socket, control: unknown) =>
  socket.write(Object.assign(Buffer.from(JSON.stringify(control)), { sid: 0, ppid: CONTROL }));

const controlIn = (message: Message): Control => JSON.parse(message.toString());

const TASK: Task = { direction: "up", size: 100, streams: 1, seconds: 1, count: 1, intervalMs: 0 };

test("a server refuses what is not possible, one by one, and a second task", async () => {
  const { program, at } = await listener(["--server"], ["bench"]);
  await beside(program, async () => {
    const [host, port] = at.split(":");
    const socket = connect({ host, port: Number(port) });
    const answers: Control[] = [];
    socket.on("data", (message: Message) => answers.push(controlIn(message)));
    await once(socket, "connect");
    const asked = async (hello: object) => {
      say(socket, { hello: { ...helloOf(TASK).hello, ...hello } });
      await once(socket, "data");
      return answers.pop()!;
    };
    const impossible: [object, RegExp][] = [
      [{ intervalMs: 1e12 }, /10 to 3600000 ms/], // a timer of Node's would fire each millisecond
      [{ intervalMs: 9 }, /10 to/],
      [{ intervalMs: -1 }, /10 to/],
      [{ intervalMs: "50" }, /10 to/],
      [{ intervalMs: null }, /10 to/],
      [{ seconds: "5" }, /3600 seconds/],
      [{ seconds: 0 }, /3600 seconds/],
      [{ seconds: 3601 }, /3600 seconds/],
      [{ count: 0 }, /messages at most/],
      [{ count: 1.5 }, /messages at most/],
      [{ count: null }, /messages at most/],
      [{ size: 0 }, /1 to 1048576 bytes/],
      [{ size: 2 ** 20 + 1 }, /1 to 1048576 bytes/],
      [{ size: [100] }, /1 to 1048576 bytes/],
      [{ streams: 0 }, /streams at most/],
      [{ streams: 65536 }, /streams at most/],
      [{ direction: "sideways" }, /no such direction/],
      [{ version: 1 }, /version 1 is asked for/],
    ];
    for (const [hello, why] of impossible) {
      assert.match(String((await asked(hello)).refused), why, JSON.stringify(hello));
    }
    assert.is((await asked({})).ready, true);
    assert.match(String((await asked({})).refused), /already has a task/);

    say(socket, { hello: 5 });
    await new Promise((resolve) => socket.on("error", () => {}).on("close", resolve));
    await program.says(/the peer sent what is no message of netsctp bench/);
    const { code, text } = await run(["bench", at, "-k", "10"]);
    assert.is(code, 0, text); // others are served
  });
});

test("a client takes no nonsense from a server, and says so", async () => {
  const interval = { index: 0, startMs: 0, endMs: 10, messages: 1, bytes: 1 };
  const report = { messages: 1, bytes: 1, first: 0, last: 10 };
  const noMessage = /no message of netsctp bench/;
  const nonsense: [control: object, text: RegExp][] = [
    [{ interval: 5 }, noMessage],
    [{ interval: { ...interval, endMs: "soon" } }, noMessage],
    [{ interval: { ...interval, startMs: 11 } }, noMessage],
    [{ interval: { ...interval, messages: "1" } }, noMessage],
    [{ interval: { ...interval, index: 1 } }, /reports out of order/],
    [{ report: { ...report, messages: -1 } }, noMessage],
    [{ report: { ...report, bytes: 1.5 } }, noMessage],
    [{ report: { ...report, last: -1 } }, noMessage],
    [{ refused: 5 }, noMessage],
    // Of what a terminal would obey, it gets to see what it is.
    [{ refused: "\x1b[2Jno" }, /refuses: \\x1b\[2Jno/],
  ];
  const server = await listening();
  server.on("connection", (socket: Socket) => {
    socket.on("error", () => {}).on("data", (message: Message) => {
      const { hello } = controlIn(message);
      if (hello) say(socket, nonsense[hello.count! - 1]![0]);
    });
  });
  const { host, port } = endpointOf(server);
  await Promise.all(nonsense.map(async ([control, expected], i) => {
    const { code, text } = await run(["bench", `${host}:${port}`, "-k", String(i + 1)]);
    assert.is(code, 1, `${JSON.stringify(control)}: ${text}`);
    assert.match(text, expected);
  }));
  await closed(server);
});

/** How many messages of bench's data have come on each stream, and on which streams a last one. */
function countStreams(socket: Socket, streams: number) {
  const counts = { data: new Array<number>(streams).fill(0), lasts: new Array<number>(streams).fill(0) };
  return new Promise<typeof counts>((resolve) =>
    socket.on("data", ({ sid, ppid }: Message) => {
      if (ppid === DATA) counts.data[sid]!++;
      if (ppid === LAST) counts.lasts[sid]!++;
      if (counts.lasts.every((count) => count > 0)) resolve(counts);
    })
  );
}

const IN_TURN = { data: [3, 3, 2, 2], lasts: [1, 1, 1, 1] };

test("--streams: a client sends on as many, in turn", async () => {
  const server = await listening();
  const counted = new Promise<typeof IN_TURN>((resolve) =>
    server.on("connection", (socket: Socket) => {
      countStreams(socket, 4).then((counts) => {
        say(socket, { report: { messages: 10, bytes: 1000, first: 0, last: 10 } });
        resolve(counts);
      });
      socket.on("data", (message: Message) => {
        if (message.ppid === CONTROL && controlIn(message).hello) say(socket, { ready: true });
      });
    })
  );
  const { host, port } = endpointOf(server);
  const { code, text } = await run(["bench", `${host}:${port}`, "--streams", "4", "-k", "10", "-l", "100"]);
  await closed(server);
  assert.is(code, 0, text);
  assert.equal(await counted, IN_TURN);
});

test("--streams: so does a server", async () => {
  const { program, at } = await listener(["--server"], ["bench"]);
  await beside(program, async () => {
    const [host, port] = at.split(":");
    const socket = connect({ host, port: Number(port) });
    const counted = countStreams(socket, 4);
    say(socket, helloOf({ ...TASK, direction: "down", streams: 4, count: 10 }));
    say(socket, { start: true });
    const counts = await counted;
    socket.end();
    await once(socket, "close");
    assert.equal(counts, IN_TURN);
  });
});

test.run();
