/** INITs that ask for one stream, or for all there can be. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { message } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";
import { receivedBy, sentBy } from "../helpers/sctp_test.ts";

const MOST = 65535;

/** Lets sctp_test ask for a number of outbound streams and send 20 messages on random ones of them. */
async function visit(streams: number): Promise<void> {
  const server = await listening();
  const connection = once(server, "connection");
  const localPort = await freePort();
  const ends = ["-H", "127.0.0.1", "-P", String(localPort), "-h", "127.0.0.1", "-p"];
  const what = ["-s", "-d", "2", "-c", "0", "-x", "2", "-t", "1", "-o", "1", "-T", "-M", String(streams)];
  await beside(start(["sctp_test", ...ends, String(endpointOf(server).port), ...what]), async (program) => {
    const [peer] = await connection as [Socket];
    const life = watch(peer);
    await Promise.all([life.closed, program.succeeds()]);
    assert.is(peer.inboundStreams, streams); // not before: the peer may have left before it was accepted
    const sent = sentBy(program.text);
    assert.is(sent.length, 20);
    const bySid = (a: { sid: number }, b: { sid: number }) => a.sid - b.sid;
    assert.equal(life.messages.toSorted(bySid), sent.toSorted(bySid));
    assert.equal(life.events, ["end", "close"]);
  });
  await closed(server);
}

test("a peer that asks for 1 stream has 1", () => visit(1));
test("a peer that asks for 65535 streams has them all", () => visit(MOST));
test("a server that accepts 4 of 65535 streams gives 4", async () => {
  const server = await listening({ MIS: 4, OS: 4 });
  const connection = once(server, "connection");
  const port = await freePort();
  const ends = [
    "-H",
    "127.0.0.1",
    "-P",
    String(port),
    "-h",
    "127.0.0.1",
    "-p",
    String(endpointOf(server).port),
  ];
  const what = ["-s", "-d", "2", "-c", "0", "-o", "1", "-T", "-M", String(MOST)];
  await beside(start(["sctp_test", ...ends, ...what]), async (program) => {
    const [peer] = await connection as [Socket];
    const life = watch(peer);
    await life.closed;
    assert.is(peer.inboundStreams, 4);
    assert.is(peer.outboundStreams, 4);
    await program.ended; // it may have failed: it asked for more than it got, and its kernel says so
    assert.equal(life.messages.map(({ sid }) => sid).filter((sid) => sid > 3), []);
    assert.equal(life.events, ["end", "close"]);
  });
  await closed(server);
});

test("we ask a program for 65535 streams, and use the last of them", async () => {
  const port = await freePort();
  const command = ["sctp_test", "-H", "127.0.0.1", "-P", String(port), "-l", "-T", "-d", "2"];
  await beside(start(command), async (program) => {
    await program.says(/accept\(/);
    const socket = connect({ host: "127.0.0.1", port, OS: MOST, MIS: 1 });
    const life = watch(socket);
    await once(socket, "connect");
    assert.is(socket.outboundStreams, MOST);
    assert.is(socket.inboundStreams, 1);
    for (const sid of [0, MOST - 1, 32_768]) socket.write(message("x", sid, 5));
    socket.end();
    await program.says(/COMMUNICATION_UP[^]*instr=65535 outstr=1\)[^]*SHUTDOWN_COMPLETE/);
    await life.closed;
    const told = receivedBy(program.text).flatMap((one) => "sid" in one ? [one.sid] : []);
    assert.equal(told.toSorted(), [32_768, MOST - 1]);
    assert.equal(life.events, ["end", "close"]);
  });
});

test.run();
