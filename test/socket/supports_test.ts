/** supports(): what the stack of this run has, and that an error of using what it lacks says the same. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Feature, supports, type UnsupportedError } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { closed, connectedPair } from "../helpers/pair.ts";
import { thrownBy } from "../helpers/thrown.ts";

const PORT = 5001; // where nobody answers

test("what both stacks have", () => {
  const features: Feature[] = ["noDelay", "backlog", "sctp.rto.initial", "sctp.dscp", "send.timeToLive"];
  for (const feature of features) assert.is(supports(feature), true, feature);
});

test("what one stack has, with a reason and a cure on the other", () => {
  const own: Record<string, Feature[]> = {
    kernel: ["sctp.flowLabel", "sctp.ecn", "send.priority", "send.key"],
    userspace: ["abort.reason", "sctp.auth.chunks.cookieEcho", "undelivered.givenUp"],
  };
  for (const [owner, features] of Object.entries(own)) {
    for (const feature of features) {
      const answer = supports(feature);
      if (owner === stack) assert.is(answer, true, feature);
      else {assert.match(
          answer as string,
          new RegExp(`^${feature} is not supported by the ${stack} stack: .*${owner}`),
        );}
    }
  }
});

test("the stack can be named: the userspace one is everywhere", () => {
  assert.is(supports("abort.reason", "userspace"), true);
  assert.type(supports("send.priority", "userspace"), "string");
});

test("a name that does not exist throws, and the error has the one that was meant", () => {
  const meant = {
    heartbeat: "sctp.heartbeat",
    "sctp.hartbeat": "sctp.heartbeat",
    "send.prority": "send.priority",
  };
  for (const [name, right] of Object.entries(meant)) {
    assert.match(thrownBy(() => supports(name as Feature)).message, `did you mean '${right}'?`);
  }
  for (const name of ["sctp.flowlabel", "", "toString", undefined]) {
    const call = () => supports(name as Feature);
    assert.throws(call, (error: NodeJS.ErrnoException) => error.code === "ERR_INVALID_ARG_VALUE");
  }
});

test("an error of an option says the same, at both ends", async () => {
  const answer = supports("sctp.flowLabel");
  const server = createServer({ sctp: { flowLabel: 7 } }).listen({ port: 0, host: "127.0.0.1" });
  const client = connect({ port: PORT, host: "127.0.0.1", sctp: { flowLabel: 7 } });
  if (answer === true) {
    await once(server, "listening");
    client.on("error", () => {}).destroy();
    return await closed(server);
  }
  const errors = await Promise.all([server, client].map((end) => once(end, "error")));
  for (const [error] of errors as [UnsupportedError][]) {
    assert.equal([error.message, error.feature, error.sctpStack], [answer, "sctp.flowLabel", stack]);
  }
});

test("an error of a message says the same", async () => {
  const { client, close } = await connectedPair();
  const answer = supports("send.priority");
  try {
    client.send("hello", { priority: 1 });
    assert.is(answer, true);
  } catch (error) {
    assert.is((error as Error).message, answer);
  }
  await close();
});

test.run();
