/** Scripts for like_net_test.ts about what is under way. Chunks of a byte stream come as they may: only sums are noted. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import type net from "node:net";
import { finished, PassThrough, pipeline } from "node:stream";
import { type Notes, type Script, seen } from "./like_net.ts";

const LARGE = Buffer.alloc(900_000, "x");

/** TCP gives either of the two. */
const isCut = (error: Error & { code?: string }) => ["ECONNRESET", "EPIPE"].includes(error.code!);

/** Sends a text there and back again. */
async function echoed(notes: Notes, text: string, encoding: BufferEncoding, ofPeer: BufferEncoding) {
  const { client, peer } = await notes.pair();
  peer.setEncoding(ofPeer).on("data", (data: string) => peer.write(data, ofPeer));
  client.setEncoding(encoding);
  client.write(text, encoding);
  let got = "";
  client.on("data", (data) => {
    got += data;
    if (got.length >= text.length) client.end();
  });
  await once(client, "close");
  return got;
}

/** Waits until both have closed, and notes what the two were told. */
async function noteBoth(notes: Notes, ends: net.Socket[], told: string[]): Promise<void> {
  await Promise.all(ends.map((end) => seen(end, "close")));
  for (const line of told.sort()) notes.add(line);
}

/** The scripts by the names of their tests. */
export const TRAFFIC: Record<string, Script> = {
  "binary strings": async (notes) => {
    const all = String.fromCharCode(...Array(256).keys());
    notes.add(await echoed(notes, all, "latin1", "binary") === all);
  },
  "large strings of large characters": async (notes) => {
    const all = "あ".repeat(40_000);
    notes.add(await echoed(notes, all, "utf8", "UTF-8" as BufferEncoding) === all);
  },
  "readyState through a life": async (notes) => {
    const told: string[] = [];
    const { server, port } = await notes.server();
    server.on("connection", (peer) => {
      told.push(`peer 1 ${peer.readyState}`);
      peer.on("data", () => {
        told.push(`peer 2 ${peer.readyState}`);
        peer.write("PONG");
      });
      peer.on("close", (hadError) => told.push(`peer 3 ${hadError} ${peer.readyState}`));
    });
    const connection = once(server, "connection");
    const client = notes.own(notes.api.connect(port, "127.0.0.1"));
    notes.add(client.readyState);
    client.on("connect", () => {
      notes.add("connect", client.readyState);
      client.write("PING");
    });
    client.on("data", () => {
      notes.add("data", client.readyState);
      client.end();
      notes.add(client.readyState);
    });
    client.on("finish", () => notes.add("finish", client.readyState));
    client.on("end", () => notes.add("end", client.readyState));
    client.on("close", () => notes.add("close", client.readyState));
    const [peer] = await connection;
    await noteBoth(notes, [client, peer], told);
  },
  "cork() and uncork() many times": async (notes) => {
    const { client, peer } = await notes.pair();
    notes.watch(peer, "peer", ["error", "close"]).resume();
    const results = new Set<boolean>();
    for (let i = 0; i < 100; i++) {
      client.cork();
      results.add(client.write(Buffer.alloc(2))).add(client.write(Buffer.alloc(2)));
      client.uncork();
    }
    notes.add([...results]);
    client.end();
    await seen(peer, "close");
    notes.add(peer.bytesRead, client.bytesWritten);
  },
  "writing on when write() says no, to a reader that pauses": async (notes) => {
    const { client, peer } = await notes.pair();
    const text = "C".repeat(1024);
    let written = 3;
    while (peer.write(text)) written++;
    peer.write(text);
    peer.end(text);
    let got = 0;
    let pauses = 0;
    client.setEncoding("ascii").on("data", (data) => {
      got += data.length;
      if (pauses === 3) return;
      pauses++;
      client.pause();
      const before = got;
      setImmediate(() =>
        setImmediate(() => {
          if (got !== before) notes.add("'data' while it is paused");
          client.resume();
        })
      );
    });
    await seen(client, "close");
    notes.add(got === written * 1024, pauses);
  },
  "a paused reader destroys itself": async (notes) => {
    const { client, peer } = await notes.pair();
    const answered = new Promise<void>((resolve) => {
      let count = 0;
      for (let i = 0; i < 20; i++) peer.write(LARGE, () => ++count === 20 && resolve());
    });
    peer.end();
    peer.on("error", (error) => notes.add("error", isCut(error)));
    peer.on("close", (hadError) => notes.add("close", hadError));
    client.once("data", () => {
      client.pause();
      setImmediate(() => client.destroy());
    });
    await Promise.all([answered, seen(peer, "close")]);
  },
  "a client that destroys itself in 'connect', with much under way to it": async (notes) => {
    const { server, port } = await notes.server();
    const connection = once(server, "connection") as Promise<[net.Socket]>;
    server.on("connection", (peer) => {
      peer.on("error", (error) => notes.add("error", isCut(error)));
      peer.on("close", (hadError) => notes.add("close", hadError));
      for (let i = 0; i < 20; i++) peer.write(LARGE);
    });
    const client = notes.own(notes.api.connect(port, "127.0.0.1"));
    client.on("connect", () => client.destroy());
    await seen((await connection)[0], "close");
  },
  "destroySoon() behind many writes": async (notes) => {
    const { client, peer } = await notes.pair();
    let got = 0;
    peer.on("data", (data) => got += data.length);
    peer.on("close", (hadError) => notes.add(got === 100 * 1024 + 1, hadError));
    for (let i = 0; i < 100; i++) client.write(Buffer.alloc(1024));
    for (const end = Date.now() + 50; Date.now() < end;); // by then the peer might have answered, and nobody has looked
    client.write(Buffer.alloc(1));
    client.destroySoon();
    await seen(peer, "close");
  },
  "one socket's time-out turns another's off": async (notes) => {
    const [first, second, witness] = [await notes.pair(), await notes.pair(), await notes.pair()];
    first.client.setTimeout(1, () => {
      notes.add("first");
      second.client.setTimeout(0);
    });
    second.client.setTimeout(50, () => notes.add("second"));
    witness.client.setTimeout(100);
    await once(witness.client, "timeout");
    notes.add(second.client.timeout);
  },
  "stream.finished() on a reset": async (notes) => {
    const { client, peer } = await notes.pair();
    const told: string[] = [];
    finished(client, (error) => told.push(`client ${error?.code}`));
    finished(peer, (error) => told.push(`peer ${error?.code}`));
    client.resume().resetAndDestroy();
    peer.resume();
    await noteBoth(notes, [client, peer], told);
  },
  "stream.pipeline() to a peer that resets": async (notes) => {
    const { client, peer } = await notes.pair();
    const source = new PassThrough();
    const told = new Promise<Error | null | undefined>((resolve) => pipeline(source, client, resolve));
    source.write("x");
    await once(peer, "data");
    peer.resetAndDestroy();
    notes.add((await told as NodeJS.ErrnoException).code);
    notes.add(source.destroyed, client.destroyed);
  },
  "stream.pipeline() of an echo, to its end": async (notes) => {
    const { client, peer } = await notes.pair();
    const told = new Promise<unknown>((resolve) => pipeline(peer, peer, resolve));
    client.write("hello");
    client.on("data", () => client.end());
    await seen(client, "close");
    notes.add(await told);
  },
};
