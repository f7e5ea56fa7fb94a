/** More connections than may wait to be accepted, at a server whose process does nothing. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { beside } from "../helpers/programs.ts";
import { startServing } from "../helpers/serving_program.ts";

const BACKLOG = 5;
const ATTEMPTS = 12;
const NAME =
  "who comes after backlog + 1 connections that wait gets ECONNREFUSED; the others are accepted in time";

if (stack === "userspace") skip(NAME, "a process that does nothing answers nobody there");
else {
  test(NAME, async () => {
    const { program, port } = await startServing(runtime, { host: "127.0.0.1", port: 0, backlog: BACKLOG });
    await beside(program, async () => {
      program.kill("SIGSTOP");
      const sockets = Array.from({ length: ATTEMPTS }, () => connect({ host: "127.0.0.1", port }));
      const outcomes = await Promise.all(sockets.map((socket) =>
        new Promise<string>((resolve) => {
          socket.on("connect", () => resolve("up"));
          socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code!));
        })
      ));
      program.kill("SIGCONT");
      const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
      assert.equal([count("up"), count("ECONNREFUSED")], [BACKLOG + 1, ATTEMPTS - BACKLOG - 1]);
      const accepted = sockets.filter((_, i) => outcomes[i] === "up");
      await Promise.all(accepted.map((socket) => {
        socket.end("echo");
        return once(socket.resume(), "close");
      }));
    });
  });
}

test.run();
