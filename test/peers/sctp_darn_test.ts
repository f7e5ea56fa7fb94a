/** sctp_darn of lksctp-tools, both ways, on one-to-one and one-to-many sockets. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { message } from "../helpers/messages.ts";
import { closed, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";

for (const host of LOOPBACKS) {
  for (const [kind, more] of [["one-to-one", ["-t"]], ["one-to-many", []]] as const) {
    test(`sctp_darn sends lines to ${host} from a ${kind} socket, then leaves`, async () => {
      const server = await listening({}, host);
      const connection = once(server, "connection");
      const localPort = await freePort(host);
      const ends = ["-H", host, "-P", String(localPort), "-h", host, "-p", String(endpointOf(server).port)];
      await beside(start(["sctp_darn", ...ends, "-s", ...more]), async (darn) => {
        darn.write("hello\n");
        const [peer] = await connection as [Socket];
        const got: string[] = [];
        peer.on("data", (data: Message) => got.push(data.toString()));
        const life = watch(peer);
        await darn.says(/New connection, peer addresses/);
        darn.write("world\n");
        await once(peer, "data");
        darn.end("last\n");
        await life.closed;
        assert.equal(got, ["hello\n\0", "world\n\0", "last\n\0"]); // it sends the NUL, too
        assert.equal(life.events, ["end", "close"]);
      });
      await closed(server);
    });
  }

  test(`sctp_darn at ${host} prints stream, PPID and text of each message, and our end`, async () => {
    const port = await freePort(host);
    await beside(start(["sctp_darn", "-H", host, "-P", String(port), "-l"]), async (darn) => {
      await darn.says(/listening/);
      const socket = connect({ host, port });
      const life = watch(socket);
      socket.write(message("alpha", 4, 0x2e000000)); // it converts no PPID, and prints no last byte
      await darn.says(/sinfo_stream 4\n[^]*sinfo_ppid 46\n[^]*DATA\(5\): +alph\b/);
      socket.write(message("beta", 9));
      await darn.says(/sinfo_stream 9\n[^]*DATA\(4\): +bet\b/);
      socket.end();
      await darn.says(/SHUTDOWN_COMP/);
      await darn.says(/No association is present now/);
      await life.closed;
      assert.equal(life.events, ["end", "close"]);
    });
  });
}

test("sctp_darn as an echo server returns each message, and sees our ABORT", async () => {
  const port = await freePort();
  await beside(start(["sctp_darn", "-H", "127.0.0.1", "-P", String(port), "-l", "-e"]), async (darn) => {
    await darn.says(/listening/);
    const socket = connect({ host: "127.0.0.1", port });
    for (let i = 0; i < 50; i++) {
      socket.write(message(`message ${i}`, i % 10, i));
      const [echo] = await once(socket, "data");
      assert.is(echo.toString(), `message ${i}`);
    }
    socket.destroy();
    await once(socket, "close");
    await darn.says(/COMM_LOST/);
  });
});

test.run();
