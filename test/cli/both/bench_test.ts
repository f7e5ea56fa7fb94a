/** bench: what receivers counted is what senders sent. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listener, netsctp, objectsIn, run } from "../../helpers/command_line.ts";
import { beside } from "../../helpers/programs.ts";

const server = () => listener(["--server"], ["bench"]);

for (
  const [name, flags, directions] of [
    ["up", [], ["up"]],
    ["--reverse", ["-R"], ["down"]],
    ["--bidir", ["--bidir"], ["up", "down"]],
  ] as const
) {
  test(`${name}: every message arrives, on every association`, async () => {
    const { program, at } = await server();
    await beside(program, async () => {
      const { code, stdout, text } = await run(
        ["bench", at, ...flags, "-k", "500", "-l", "700", "--streams", "4", "-P", "3", "--json"],
      );
      assert.is(code, 0, text);
      const results = objectsIn(stdout).map(({ event, direction, association, messages, bytes }) => ({
        event,
        direction,
        association,
        messages,
        bytes,
      }));
      const one = { event: "result", messages: 500, bytes: 350_000 };
      const all = { event: "result", messages: 1500, bytes: 1_050_000 };
      assert.equal(
        results,
        directions.flatMap((direction) => [
          ...[1, 2, 3].map((association) => ({ ...one, direction, association })),
          { ...all, direction, association: "all" },
        ]),
      );
      program.kill("SIGINT");
      await program.succeeds();
    });
  });
}

test("-i tells what has come meanwhile, of each association and of all; together that is the result", async () => {
  const { program, at } = await server();
  await beside(program, async () => {
    const { code, stdout, text } = await run(
      ["bench", ...at.split(":"), "-t", "0.5", "-i", "100ms", "-P", "2", "--bidir", "--json"],
    );
    assert.is(code, 0, text);
    const events = objectsIn(stdout);
    for (const direction of ["up", "down"]) {
      for (const association of [1, 2, "all"]) {
        const own = events.filter((one) => one.direction === direction && one.association === association);
        const result = own.at(-1)!;
        const intervals = own.filter(({ event }) => event === "interval");
        assert.is(result.event, "result");
        assert.ok(intervals.length >= 3, `${direction} ${association}: ${intervals.length}`);
        assert.is(intervals.reduce((sum, { messages }) => sum + messages, 0), result.messages);
      }
    }
    assert.match(
      (await run(["bench", at, "-t", "0.3", "-i", "0.1"])).text,
      /^up +1 +0\.00-0\.1\d s +\d+ messages/m,
    );
    assert.not.match((await run(["bench", at, "-t", "0.3", "-i", "0"])).text, /-0\.1\d s/);
  });
});

test("a time ends it, too; the result is a table", async () => {
  const { program, at } = await server();
  await beside(program, async () => {
    const { code, stdout } = await run(["bench", at, "--time", "100ms"]);
    assert.is(code, 0);
    assert.match(
      stdout.toString(),
      /^direction +association +messages +bytes +seconds +messages\/s +Mbit\/s\nup +1 +\d+ +\d+ +0\.\d\d +\d+ +[\d.]+\n$/,
    );
    await program.says(/127\.0\.0\.1:\d+: \d+ messages, \d+ bytes in/);
  });
});

test("a server says what it will not do; a peer that is no server is named", async () => {
  const { program, at } = await server();
  await beside(program, async () => {
    const { code, text } = await run(["bench", at, "--streams", "5", "--stack", "userspace", "-k", "1"]);
    assert.is(code, 0, text); // as many streams as are asked for
  });
  const plain = await listener(["--json"]);
  await beside(netsctp("bench", plain.at, "-t", "1"), async (client) => {
    await plain.program.says(/"text":"\{\\"hello\\"/);
    plain.program.kill("SIGINT");
    assert.is((await client.ended).code, 5, client.text);
    assert.match(client.text, /ended the association/);
  });
});

test("130: stopped before it was done", async () => {
  const { program, at } = await server();
  await beside(program, () =>
    beside(netsctp("bench", at, "-t", "1h"), async (client) => {
      await client.says(/up, 3600 s of 1024 bytes/);
      client.kill("SIGINT");
      assert.is((await client.ended).code, 130);
    }));
});

test("130: the figures until then, as far as intervals have been told", async () => {
  const { program, at } = await server();
  await beside(
    program,
    () =>
      beside(netsctp("bench", at, "-t", "1h", "-i", "0.2", "-P", "2"), async (client) => {
        await client.says(/up +all +0\.00-0\.\d+ s/);
        client.kill("SIGINT");
        await client.says(/direction +association +messages.*\nup +1 .*\nup +2 .*\nup +all +[1-9]/);
        assert.is((await client.ended).code, 130);
      }),
  );
});

test.run();
