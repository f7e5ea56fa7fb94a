/** A program written for node-lksctp, with nothing changed but the import. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import sctp from "netsctp";

test("its server and its client: options, streams, status, addresses, notifications", async () => {
  const notifications: string[] = [];
  const server = sctp.createServer({
    MIS: 20,
    OS: 15,
    highWaterMark: 32_768,
    sctp: { sack: { delay: 50, freq: 2 } },
  });
  server.on("connection", (duplex) => {
    duplex.on("notification", ({ interpreted }) => notifications.push(interpreted));
    duplex.on("data", (data) => {
      assert.is(duplex.status().numberOfIncomingStreams, 12);
      const reply = Buffer.from(data) as typeof data;
      reply.ppid = data.ppid;
      reply.sid = data.sid;
      duplex.write(reply);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    assert.is(
      server.listen({ port: 0, localAddresses: ["127.0.0.1", "127.0.0.2"], backlog: 16 }, resolve),
      server,
    );
  });
  const { address, family, port } = server.address()!;
  assert.equal([address, family], ["127.0.0.1", "IPv4"]);
  assert.equal(server.getLocalAddresses().map((one) => [one.address, one.family, one.port]), [
    ["127.0.0.1", "IPv4", port],
    ["127.0.0.2", "IPv4", port],
  ]);

  const duplex = sctp.connect({
    remoteAddresses: ["127.0.0.1", "127.0.0.2"],
    port,
    localAddresses: ["127.0.0.1"],
    localPort: 0,
    noDelay: true,
    MIS: 18,
    OS: 12,
    sctp: { sack: { delay: 50, freq: 2 } },
  });
  assert.equal([duplex.connecting, duplex.pending, duplex.readyState], [true, true, "opening"]);
  assert.equal([duplex.remoteAddress, duplex.remotePort], ["127.0.0.1", port]);
  duplex.on("notification", ({ raw, parsed, interpreted }) => {
    assert.instance(raw, Buffer);
    assert.is(parsed.sn_length, raw.length);
    notifications.push(interpreted);
  });
  await once(duplex, "connect");
  assert.equal([duplex.connecting, duplex.pending, duplex.readyState], [false, false, "open"]);

  const { numberOfIncomingStreams, numberOfOutgoingStreams, state, peer } = duplex.status();
  assert.equal([numberOfIncomingStreams, numberOfOutgoingStreams, state], [15, 12, 4]);
  assert.type(peer, "object");
  assert.equal([duplex.localFamily, duplex.localAddress], ["IPv4", "127.0.0.1"]);
  assert.equal(duplex.localAddresses, ["127.0.0.1"]);
  assert.equal([...duplex.remoteAddresses].sort(), ["127.0.0.1", "127.0.0.2"]);
  assert.equal(duplex.address(), { address: "127.0.0.1", family: "IPv4", port: duplex.localPort! });
  const info = duplex.peerInfoByAddress["127.0.0.1"]!;
  assert.equal(Object.keys(info).sort(), ["cwnd", "mtu", "rto", "srtt", "state"]);

  const data = Buffer.from("hello") as Buffer & { sid: number; ppid: number };
  data.sid = 11;
  data.ppid = 60;
  duplex.setNoDelay(true);
  duplex.write(data);
  const [reply] = await once(duplex, "data");
  assert.equal([reply.toString(), reply.sid, reply.ppid], ["hello", 11, 60]);

  const closed = once(duplex, "close");
  duplex.end();
  await closed;
  assert.throws(() => duplex.status(), /^status called after destroy$|status called after destroy/);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  assert.ok(
    notifications.includes("SCTP_ASSOC_CHANGE: SCTP_COMM_UP, MIS 15 / OS 12"),
    notifications.join("\n"),
  );
  assert.ok(notifications.includes("SCTP_SHUTDOWN_EVENT"), notifications.join("\n"));
});

test.run();
