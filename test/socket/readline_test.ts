/** node:readline over a socket: lines are found in messages, however they are cut. */
import { Buffer } from "node:buffer";
import { createInterface } from "node:readline";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connectedPair } from "../helpers/pair.ts";

const LINES = ["first", "second, in three messages", "", "größer: ein Zeichen über zwei Nachrichten", "last"];

/** Cut so that lines, and the bytes of a character, lie in two messages. */
function pieces(): Buffer[] {
  const text = Buffer.from(LINES.join("\r\n") + "\n");
  const cut: Buffer[] = [];
  for (let at = 0; at < text.length; at += 3) cut.push(text.subarray(at, at + 3));
  return cut;
}

test("the cuts of this test are where they should be", () => {
  assert.ok(pieces().some((piece) => piece.toString().includes("\ufffd")));
});

test("'line' for each line, then 'close' when the peer ends", async () => {
  const { client, peer, close } = await connectedPair();
  const lines: string[] = [];
  const done = new Promise<void>((resolve) => {
    createInterface({ input: peer }).on("line", (line) => lines.push(line)).on("close", resolve);
  });
  for (const piece of pieces()) client.write(piece);
  client.end();
  await done;
  assert.equal(lines, LINES);
  await close();
});

test("for await gives lines, and what is written back arrives", async () => {
  const { client, peer, close } = await connectedPair();
  const answers: string[] = [];
  const asked = new Promise<void>((resolve) => {
    createInterface({ input: client }).on("line", (line) => {
      answers.push(line);
      if (answers.length === LINES.length) client.end();
    }).on("close", resolve);
  });
  for (const piece of pieces()) client.write(piece);
  for await (const line of createInterface({ input: peer, output: peer })) peer.write(`${line}!\n`);
  await asked;
  assert.equal(answers, LINES.map((line) => `${line}!`));
  await close();
});

test.run();
