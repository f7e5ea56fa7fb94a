/** There is no way to the peer: the error says what this host, or a router, said of it. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { addLink, here, withHosts } from "../helpers/hosts.ts";

async function failure(host: string): Promise<NodeJS.ErrnoException> {
  const socket = connect({ host, port: 5001, connectTimeout: 1500 });
  const [error] = await once(socket, "error");
  await once(socket, "close");
  return error;
}

test("this host has no route: ENETUNREACH at once", async () => {
  for (const host of ["10.9.9.9", "fd09::9"]) {
    const { code, syscall } = await failure(host);
    assert.equal([code, syscall], ["ENETUNREACH", "connect"], host);
  }
});

test("a router says that it has no route, or that nobody is there: the userspace stack's error has it once time is up", () =>
  withHosts(["router"], async (router) => {
    addLink([here, "near0", "10.5.0.2/24"], [router, "inside", "10.5.0.1/24"]);
    here.ip("route", "add", "default", "via", "10.5.0.1");
    router.sysctl("net.ipv4.ip_forward", 1);
    router.sysctl("net.ipv4.icmp_ratelimit", 0); // else it may say nothing to the second question of a second
    router.ip("route", "add", "unreachable", "10.8.0.0/16");
    for (const [host, said] of [["10.9.9.9", "ENETUNREACH"], ["10.8.9.9", "EHOSTUNREACH"]]) {
      const { code, syscall } = await failure(host!);
      assert.equal([code, syscall], [stack === "kernel" ? "ETIMEDOUT" : said, "connect"], host);
    }
  }));

test.run();
