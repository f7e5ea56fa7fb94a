/** 'notification': what the stack tells in the life of an association, as bytes, as an object and as a line. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Notification, type Socket } from "netsctp";
import { blackHole, skip, stack } from "../helpers/capabilities.ts";
import { message } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

interface Heard {
  client: Socket;
  peer: Socket;
  /** Notifications of each end, and "end", "error" and "close" between them. */
  fromClient: Array<Notification | string>;
  fromPeer: Array<Notification | string>;
  over: Promise<unknown>;
  close(): Promise<void>;
}

function listen(socket: Socket): Array<Notification | string> {
  const heard: Array<Notification | string> = [];
  socket.on("notification", (one) => heard.push(one));
  for (const event of ["end", "error", "close"]) socket.on(event, () => heard.push(event));
  return heard;
}

/** A pair that is listened to from its first moment. */
async function heardPair(): Promise<Heard> {
  const server = createServer({ MIS: 7, OS: 5 });
  server.listen({ host: "127.0.0.1" });
  await once(server, "listening");
  const accepted = new Promise<Omit<Heard, "client" | "fromClient" | "over" | "close">>((resolve) =>
    server.on("connection", (peer) => resolve({ peer, fromPeer: listen(peer) }))
  );
  const client = connect({ ...endpointOf(server), localAddress: "127.0.0.1", MIS: 3 });
  const fromClient = listen(client);
  const [{ peer, fromPeer }] = await Promise.all([accepted, once(client, "connect")]);
  const over = Promise.all(
    [client, peer].map((one) => new Promise<void>((resolve) => one.on("close", () => resolve()))),
  );
  return { client, peer, fromClient, fromPeer, over, close: () => closed(server) };
}

/** The lines, without those that a stack may add: of paths, of authentication, of a queue that ran empty. */
function lines(heard: Array<Notification | string>): string[] {
  return heard.flatMap((one) => {
    if (typeof one === "string") return [one];
    const { type } = one.parsed;
    return ["path-change", "authentication", "sender-dry"].includes(type) ? [] : [one.interpreted];
  });
}

function find(heard: Array<Notification | string>, type: string): Notification {
  const found = heard.find((one) => typeof one !== "string" && one.parsed.type === type);
  assert.ok(found, `no ${type} among ${lines(heard).join("; ")}`);
  return found as Notification;
}

function next(socket: Socket, isIt: (one: Notification) => boolean): Promise<Notification> {
  return new Promise((resolve) => {
    const onNotification = (one: Notification) => {
      if (!isIt(one)) return;
      socket.off("notification", onNotification);
      resolve(one);
    };
    socket.on("notification", onNotification);
  });
}

const WHILE_CONNECTING =
  "a listener that is added while it connects hears of all that one added before it does";
if (blackHole.reason) skip(WHILE_CONNECTING, blackHole.reason);
else {
  test(WHILE_CONNECTING, async () => {
    const server = await listening({}, blackHole.neighbour);
    server.on("connection", (peer) => peer.resume());
    const { host, port } = endpointOf(server);
    // Without an address that does not answer, the kernel would be through the handshake at once.
    const remoteAddresses = stack === "kernel" ? [blackHole.host, host] : [host];
    const client = connect({ port, remoteAddresses, sctp: { rto: { initial: 1000 } } });
    await once(client, "connectionAttempt");
    const dry = next(client, ({ parsed }) => parsed.type === "sender-dry");
    await once(client, "connect");
    client.write("x");
    await dry;
    client.end();
    await once(client.resume(), "close");
    await closed(server);
  });
}

const CLOSED = ["end", "close"];
const RESET = ["error", "close"];
const UP_AT_CLIENT = "SCTP_ASSOC_CHANGE: SCTP_COMM_UP, MIS 3 / OS 7";
const UP_AT_PEER = "SCTP_ASSOC_CHANGE: SCTP_COMM_UP, MIS 7 / OS 3";
const SHUT_DOWN = "SCTP_ASSOC_CHANGE: SCTP_SHUTDOWN_COMP";
const LOST = "SCTP_ASSOC_CHANGE: SCTP_COMM_LOST, cause 12 (User-Initiated Abort)";

test("an association that is shut down: COMM_UP, SHUTDOWN_EVENT at the other end, SHUTDOWN_COMP", async () => {
  const { client, peer, fromClient, fromPeer, over, close } = await heardPair();
  peer.resume();
  client.resume().end("x");
  await over;
  assert.equal(lines(fromClient), [UP_AT_CLIENT, SHUT_DOWN, ...CLOSED]);
  assert.equal(lines(fromPeer), [UP_AT_PEER, "SCTP_SHUTDOWN_EVENT", SHUT_DOWN, ...CLOSED]);
  await close();
});

test("an association that is aborted: COMM_LOST, then the error", async () => {
  const { client, peer, fromPeer, over, close } = await heardPair();
  peer.resume();
  client.destroy();
  await over;
  assert.equal(lines(fromPeer), [UP_AT_PEER, LOST, ...RESET]);
  const { parsed } = fromPeer.findLast((one) => typeof one !== "string") as Notification;
  assert.is(parsed.type === "association-change" && parsed.state, "lost");
  assert.is(parsed.sn_assoc_change!.sac_state, 1);
  assert.is(parsed.sn_assoc_change!.sac_error, 12);
  await close();
});

test("raw is the stack's bytes, parsed has Linux's numbers and the names of RFC 6458 on both stacks", async () => {
  const { client, peer, fromClient, over, close } = await heardPair();
  peer.resume();
  client.resume().end();
  await over;
  const { raw, parsed } = find(fromClient, "association-change");
  assert.ok(Buffer.isBuffer(raw));
  const COMM_UP = stack === "kernel" ? [0x8001, 0] : [1, 1];
  assert.equal([raw.readUInt16LE(0), raw.readUInt16LE(8)], COMM_UP); // sac_type, sac_state
  assert.is(raw.readUInt32LE(4), raw.length); // sac_length
  const { sac_assoc_id, ...rest } = parsed.sn_assoc_change!;
  assert.type(sac_assoc_id, "number");
  assert.equal(rest, {
    sac_type: 0x8001,
    sac_flags: 0,
    sac_length: raw.length,
    sac_state: 0,
    sac_error: 0,
    sac_outbound_streams: 7,
    sac_inbound_streams: 3,
  });
  assert.equal([parsed.sn_type, parsed.sn_flags, parsed.sn_length], [0x8001, 0, raw.length]);
  await close();
});

test("messages lost with an abort: SEND_FAILED for each, with its stream and PPID", async () => {
  const { client, peer, fromClient, over, close } = await heardPair();
  peer.pause();
  const lost = message(Buffer.alloc(8000), 2, 46);
  while (client.status().outgoingQueue! <= 5) {
    await new Promise<void>((resolve) => client.write(lost, () => setImmediate(resolve)));
  }
  peer.resetAndDestroy();
  await over;
  const { parsed, interpreted, raw } = find(fromClient, "send-failed");
  assert.match(
    interpreted,
    /^SCTP_SEND_FAILED_EVENT: SCTP_DATA_(UN)?SENT, stream 2, ppid 46, cause 12 \(User-Initiated Abort\)$/,
  );
  assert.is(parsed.sn_type, 0x800d);
  assert.is(parsed.sn_send_failed_event!.ssfe_info.snd_sid, 2);
  assert.is(parsed.sn_send_failed_event!.ssfe_info.snd_ppid, 46);
  assert.is(parsed.sn_send_failed_event!.ssf_error, 12);
  assert.ok(raw.length > 8000); // the message itself is at its end
  const failed = fromClient.filter((one) => typeof one !== "string" && one.parsed.type === "send-failed");
  assert.ok(failed.length > 5);
  assert.ok(lines(fromClient).includes(LOST));
  assert.equal(lines(fromClient).slice(-2), RESET);
  await close();
});

test("a refused connection: CANT_STR_ASSOC, then the error", async () => {
  const keeper = await listening(); // keeps the stack's own port open
  const gone = await listening();
  const endpoint = endpointOf(gone);
  await closed(gone);
  const client = connect(endpoint);
  const heard = listen(client);
  await new Promise((resolve) => client.on("close", resolve));
  assert.equal(lines(heard), ["SCTP_ASSOC_CHANGE: SCTP_CANT_STR_ASSOC", ...RESET]);
  await closed(keeper);
});

test("SENDER_DRY comes when somebody listens, from then on, and not before", async () => {
  const { client, peer, close } = await connectedPair();
  const unheard: string[] = [];
  const emit = client.emit;
  client.emit = function (event: string | symbol, ...args: unknown[]) {
    if (event === "notification") unheard.push((args[0] as Notification).parsed.type);
    return emit.call(this, event, ...args);
  };
  peer.on("data", (data) => peer.write(data));
  for (let i = 0; i < 5; i++) {
    client.write("unheard");
    await once(client, "data"); // which carries, or follows, the acknowledgement
  }
  assert.not.ok(unheard.includes("sender-dry"));
  const dry = next(client, ({ parsed }) => parsed.type === "sender-dry");
  client.write("heard");
  const { parsed, interpreted } = await dry;
  assert.is(interpreted, "SCTP_SENDER_DRY_EVENT");
  assert.is(parsed.sn_type, 0x8009);
  assert.type(parsed.sn_sender_dry_event!.sender_dry_assoc_id, "number");
  await close();
});

test("a second path that is confirmed: PEER_ADDR_CHANGE with its address", async () => {
  const localAddresses = ["127.0.0.1", "127.0.0.2"];
  const server = await listening();
  const connection = once(server, "connection");
  const client = connect({ ...endpointOf(server), localAddresses });
  const [peer] = await connection as [Socket];
  const isConfirmed = ({ parsed }: Notification) =>
    parsed.type === "path-change" && parsed.state === "confirmed" && parsed.address?.address === "127.0.0.2";
  const { parsed, interpreted } = await next(peer, isConfirmed);
  assert.is(interpreted, "SCTP_PEER_ADDR_CHANGE: SCTP_ADDR_CONFIRMED 127.0.0.2");
  assert.is(parsed.sn_type, 0x8002);
  const { spc_assoc_id, ...rest } = parsed.sn_paddr_change!;
  assert.type(spc_assoc_id, "number");
  assert.equal(rest, { spc_aaddr: "127.0.0.2", spc_state: 5, spc_error: 0 });
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test("a listener that throws loses no notification", async () => {
  const { client, peer, fromClient, over, close } = await heardPair();
  const caught = once(process, "uncaughtException");
  client.once("notification", () => {
    throw new Error("from the listener");
  });
  peer.resume();
  client.resume().end("x");
  await over;
  assert.is((await caught)[0].message, "from the listener");
  assert.equal(lines(fromClient).slice(-3), [SHUT_DOWN, ...CLOSED]);
  await close();
});

const DESTRUCTIONS = {
  "destroy()": (client: Socket) => client.destroy(),
  "end() and destroy()": (client: Socket) => client.end().destroy(),
};

for (const where of ["connect", "ready", "notification"]) {
  for (const [name, destroy] of Object.entries(DESTRUCTIONS)) {
    test(`after ${name} in a listener of '${where}' nothing more is told`, async () => {
      const server = createServer().listen({ host: "127.0.0.1" });
      server.on("connection", (peer) => peer.on("error", () => {}));
      await once(server, "listening");
      const client = connect(endpointOf(server));
      client.once(where, () => destroy(client));
      const told: string[] = [];
      for (const event of ["notification", "address-change", "peer-info-update", "close"]) {
        client.on(event, () => told.push(event));
      }
      await once(client, "close");
      assert.equal(told, where === "notification" ? [where, "close"] : ["close"]);
      await closed(server);
    });
  }
}

test.run();
