/** An error of accept() never ends a server: without a descriptor for it, a connection waits until there is one. */
import { once } from "node:events";
import { closeSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, counters, type Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { limitDescriptors, openWhatSignalsNeed, takeAll } from "../helpers/descriptors.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const NAME = "EMFILE: the server goes on, and whoever waits is served later";

if (stack === "userspace") skip(NAME, "no association of the userspace stack has a descriptor of its own");
else {
  test(NAME, async () => {
    const server = await listening();
    const heard: string[] = [];
    server.on("connection", (peer: Socket) => {
      heard.push("connection");
      peer.end("served after all");
    });
    for (const event of ["error", "close", "drop"]) server.on(event, () => heard.push(event));
    openWhatSignalsNeed();
    limitDescriptors(200);
    const warnings: string[] = [];
    const onWarning = ({ code, message }: NodeJS.ErrnoException) =>
      warnings.push(`${code} ${message.slice(0, 13)}`);
    process.on("warning", onWarning);
    const taken = takeAll();
    closeSync(taken.pop()!); // for the client's own
    // It sends nothing, and has no second path to be confirmed: either would wake the server once more.
    const client = connect({ ...endpointOf(server), localAddress: "127.0.0.1" });
    await once(client, "connect");
    const { wakes } = counters();
    for (let i = 0; i < 50; i++) await new Promise((resolve) => setImmediate(resolve));
    assert.ok(counters().wakes - wakes < 10, "it is told again and again of what it cannot take");
    assert.equal(heard, []);
    assert.is(server.listening, true);
    taken.forEach((descriptor) => closeSync(descriptor));
    const ended = once(client, "close");
    const [message] = await once(client, "data");
    assert.is(message.toString(), "served after all");
    await ended;
    process.off("warning", onWarning);
    assert.equal(warnings, ["NETSCTP_ACCEPT accept EMFILE"]); // once, however often it was tried
    assert.equal(heard, ["connection"]);
    await closed(server);
  });

  test("EMFILE while the server is closed: it closes", async () => {
    const server = await listening();
    const taken = takeAll();
    closeSync(taken.pop()!);
    const client = connect(endpointOf(server));
    const over = new Promise((resolve) => client.on("error", () => {}).on("close", resolve));
    await once(client, "connect");
    await closed(server);
    taken.forEach((descriptor) => closeSync(descriptor));
    await over; // the kernel aborts those that were never accepted
  });
}

test.run();
