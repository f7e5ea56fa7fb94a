/** The only path to a peer fails under a message that is then abandoned: what is sent later goes out as soon as the path
 * works again, however far apart heartbeats are. */
import { once } from "node:events";
import { test } from "uvu";
import { connect } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { addLink, here, withHosts } from "../helpers/hosts.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const HOUR_MS = 3_600_000;

test("a path comes back: the next message does not wait for a heartbeat", () =>
  withHosts(["far"], async (far) => {
    const link = addLink([here, "near0", "10.0.0.1/24"], [far, "far0", "10.0.0.2/24"]);
    const options = JSON.stringify({ port: PORT, localAddresses: ["10.0.0.2"] });
    const server = start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options])));
    await beside(server, async () => {
      await server.says(/listening/);
      const socket = connect({
        port: PORT,
        host: "10.0.0.2",
        sctp: {
          rto: { initial: 200, min: 100, max: 400 },
          heartbeat: HOUR_MS,
          retransmissions: { association: 100, path: 1 },
        },
      });
      await once(socket, "connect");
      await link.cut();
      socket.send("abandoned", { maxRetransmits: 1 });
      const isUnreachable = () => socket.paths()[0]!.state === "inactive";
      while (!isUnreachable()) await once(socket, "path");
      await link.restore();
      socket.send("later");
      await server.says(/"name":"later"/); // the first that it got
      // Its acknowledgement may still be on the way.
      while (socket.paths()[0]!.state !== "active") await once(socket, "path");
      socket.destroy();
      server.end();
    });
  }));

test.run();
