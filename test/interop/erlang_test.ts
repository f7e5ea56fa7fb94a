/** Erlang's gen_sctp, a one-to-many socket of the kernel's stack, talks with each of our stacks. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Message, type Socket, type Stack } from "netsctp";
import { kernelPort, STACKS } from "../helpers/across.ts";
import { skip } from "../helpers/capabilities.ts";
import { missing, userspacePort } from "../helpers/encapsulation.ts";
import { Erlang, missingErlang } from "../helpers/erlang.ts";
import { setParameter } from "../helpers/kernel_parameters.ts";
import { closed } from "../helpers/pair.ts";

const OF_ERLANG = 0x01020304, OURS = 77;
/** Erlang and the kernel swap these bytes, and back again; we do not. */
const SWAPPED = 0x04030201, OURS_SWAPPED = 77 * 2 ** 24, CAUSE_SWAPPED = 12 << 8;
const sctp = { adaptation: OURS };

const reason = missing ?? missingErlang;
const erlang = reason ? undefined : new Erlang();
test.after(() => erlang?.close());

/** Whoever connects in no UDP reaches the kernel's stack. */
async function open(stack: Stack): Promise<number> {
  setParameter("encap_port", stack === "userspace" ? userspacePort : 0);
  const [init, adaptation] = ["{sctp_initmsg, 5, 6, 4, 0}", `{sctp_setadaptation, ${OF_ERLANG}}`];
  const options =
    `[{ip, {127,0,0,1}}, {active, false}, binary, {sctp_initmsg, ${init}}, {sctp_adaptation_layer, ${adaptation}},
    {sctp_events, {sctp_event_subscribe, true, true, true, true, true, true, true, true, true}}]`;
  await erlang!.evaluate(`put(socket, element(2, gen_sctp:open(${options})))`);
  return Number(await erlang!.evaluate("element(2, inet:port(get(socket)))"));
}

/** Sends a message, or with flags whatever those say. */
function send(data: string, { stream = 0, ppid = 0, flags = "[]" } = {}): Promise<string> {
  const info =
    `{sctp_sndrcvinfo, ${stream}, undefined, ${flags}, ${ppid}, 0, 0, undefined, undefined, get(id)}`;
  return erlang!.evaluate(`gen_sctp:send(get(socket), ${info}, <<"${data}">>)`);
}

/** What it receives next: a message with how it came, or an event. */
async function received(): Promise<string> {
  const told = await erlang!.evaluate("gen_sctp:recv(get(socket))");
  return told.replace(/^\{ok,\{\{127,0,0,1\},\d+,/, "").replace(/\}\}$/, "").replace(
    /,\d+,\d+,\d+\}\]/,
    "}]",
  );
}

/** Receives until that is it. */
async function until(pattern: RegExp): Promise<string> {
  for (;;) {
    const told = await received();
    if (pattern.test(told)) return told;
  }
}

function indication(socket: Socket): Promise<number> {
  return new Promise((resolve) =>
    socket.on("notification", ({ parsed }) => parsed.type === "adaptation" && resolve(parsed.indication))
  );
}

/** Messages of each end: with stream, PPID, and unordered. */
async function talk(socket: Socket): Promise<void> {
  const got = once(socket, "data");
  assert.is(await send("of Erlang", { stream: 3, ppid: 46, flags: "[unordered]" }), "ok");
  const [message] = await got as [Message];
  const { stream, ppid, unordered } = message;
  assert.equal([String(message), stream, ppid, unordered], ["of Erlang", 3, 46, true]);
  socket.send("ours", { stream: 2, ppid: 60, unordered: true });
  assert.is(await until(/<<"ours">>/), '[{sctp_sndrcvinfo,2,0,[unordered],60,0,0}],<<"ours">>');
}

for (const stack of STACKS) {
  const name = (what: string) => `${stack}: ${what}`;
  const [CONNECTS, LISTENS] = [
    name("Erlang connects, and aborts with a cause"),
    name("Erlang listens, and is aborted"),
  ];
  if (reason) {
    for (const one of [CONNECTS, LISTENS]) skip(one, reason);
    continue;
  }

  test(CONNECTS, async () => {
    let told: Promise<number>;
    const server = createServer({ stack, sctp }, (peer) => told = indication(peer));
    server.listen({ host: "127.0.0.1", port: 0, ...(stack === "userspace" && { udpPort: userspacePort }) });
    await once(server, "listening");
    await open(stack);
    const connection = once(server, "connection");
    const { port } = server.address()!;
    await erlang!.evaluate(
      `put(id, element(6, element(2, gen_sctp:connect(get(socket), {127,0,0,1}, ${port}, []))))`,
    );
    const [peer] = await connection as [Socket];
    assert.match(await until(/adaptation_event/), `{sctp_adaptation_event,${OURS_SWAPPED},`);
    await talk(peer);
    assert.equal([await told!, peer.inboundStreams, peer.outboundStreams], [SWAPPED, 5, 6]);
    const failed = once(peer, "error");
    await send("enough", { flags: "[abort]" });
    const [{ code, closeReason: { causeData, ...rest } }] = await failed;
    assert.equal([code, String(causeData)], ["ECONNRESET", "enough"]);
    assert.equal(rest, { reason: "abort", by: "peer", causeCode: 12, causeName: "User-Initiated Abort" });
    await erlang!.evaluate("gen_sctp:close(get(socket))");
    await closed(server);
  });

  test(LISTENS, async () => {
    const port = await open(stack);
    await erlang!.evaluate("gen_sctp:listen(get(socket), true)");
    const begin = async () => {
      const socket = connect({
        host: "127.0.0.1",
        port,
        stack,
        sctp,
        ...(stack === "userspace" && { udpPort: kernelPort }),
      });
      const told = indication(socket);
      await once(socket, "connect");
      const change = await until(/comm_up/);
      await erlang!.evaluate(`put(id, ${/(\d+)\}$/.exec(change)![1]})`);
      assert.is(await told, SWAPPED);
      return socket;
    };
    const aborted = await begin();
    await talk(aborted);
    aborted.destroy();
    assert.match(await until(/assoc_change/), `{sctp_assoc_change,comm_lost,${CAUSE_SWAPPED},`);
    const ended = await begin();
    ended.resume().end();
    await once(ended, "close");
    assert.match(await until(/assoc_change/), "{sctp_assoc_change,shutdown_comp,");
    const left = await begin();
    const gone = once(left.resume(), "close");
    await send("", { flags: "[eof]" });
    await gone;
    assert.equal(left.closeReason, { reason: "shutdown", by: "peer" });
    await erlang!.evaluate("gen_sctp:close(get(socket))");
  });
}

test.run();
