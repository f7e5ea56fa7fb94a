/** A link to a peer fails and is repaired: what becomes of its path is told, step by step, and a heartbeat on demand
 * finds out that it works again. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Path, type PathChange } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { netsctp } from "../helpers/command_line.ts";
import { addLink, here, type Link, withHosts } from "../helpers/hosts.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const NEAR = ["10.0.0.1", "10.1.0.1"], FAR = ["10.0.0.2", "10.1.0.2"];

/** Two links to a host with a server. */
function withLinks(body: (links: Link[]) => Promise<void>): Promise<void> {
  return withHosts(["far"], async (far) => {
    const links = [0, 1].map((i) =>
      addLink([here, `near${i}`, `10.${i}.0.1/24`], [far, `far${i}`, `10.${i}.0.2/24`])
    );
    const options = JSON.stringify({ port: PORT, localAddresses: FAR });
    const server = start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options])));
    await beside(server, async () => {
      await server.says(/listening/);
      await body(links);
      server.end();
    });
  });
}

test("potentially failed, unreachable, and available again when a heartbeat asks", () =>
  withLinks(async (links) => {
    const socket = connect({
      port: PORT,
      localAddresses: NEAR,
      remoteAddresses: FAR,
      sctp: {
        rto: { initial: 200, min: 100, max: 400 },
        heartbeat: 200,
        retransmissions: { association: 100, path: 3, potentiallyFailed: 0 },
      },
    });
    await once(socket, "connect");
    socket.sendHeartbeat();
    const pathOf = (address: string) => socket.paths().find((path) => path.address === address)!;
    while (pathOf(FAR[1]!).state !== "active") await once(socket, "path");

    const told: string[] = [];
    const becomes = (wanted: PathChange) =>
      new Promise<void>((resolve) =>
        socket.on("path", function look(path: Path, change: PathChange) {
          if (path.address !== FAR[0]) return;
          told.push(`${change}, ${path.state}`);
          if (change !== wanted) return;
          socket.off("path", look);
          resolve();
        })
      );
    const failed = becomes("unreachable");
    await links[0]!.cut();
    await failed;
    assert.equal(told, ["potentially-failed, potentially-failed", "unreachable, inactive"]);

    socket.configurePath(FAR[0]!, { heartbeat: false });
    told.length = 0;
    await links[0]!.restore();
    const works = becomes("available");
    socket.sendHeartbeat(FAR[0]);
    await works;
    assert.equal(told, ["available, active"]);
    assert.is(pathOf(FAR[0]!).heartbeat, false);
    assert.is(pathOf(FAR[1]!).heartbeat, 200);

    socket.setPrimaryPath(FAR[1]!);
    assert.is(socket.remoteAddress, FAR[1]);
    socket.end();
    await once(socket.resume(), "close");
  }));

test("netsctp ping --heartbeat tells of it, and fails where no path works at the end", () =>
  withLinks(async (links) => {
    const ping = netsctp("ping", "--heartbeat", "-i", "100ms", "--json", `${FAR}:${PORT}`);
    for (const [i, address] of FAR.entries()) {
      await ping.says(new RegExp(`"path",.*"${address}","state":"active"`));
      await links[i]!.cut();
      await ping.says(new RegExp(`"path-change","address":"${address}","change":"potentially-failed"`));
    }
    ping.kill("SIGINT");
    assert.is((await ping.ended).code, 4, ping.text);
  }));

test.run();
