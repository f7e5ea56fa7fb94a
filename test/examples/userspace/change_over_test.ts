/** examples/change_over: the primary peer, and its stack with it, stops under load; none of the messages is lost. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import process from "node:process";
import { test } from "uvu";
import { judge } from "../../helpers/change_over.ts";
import { commandOf, example, PAIRS } from "../../helpers/examples.ts";
import { beside, start } from "../../helpers/programs.ts";

/** One that nobody has now. */
async function freeUdpPort(): Promise<string> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return String(port);
}

const udpPorts = [process.env.NETSCTP_UDP_PORT!, await freeUdpPort()] as const;

for (const [receiver, sender] of PAIRS) {
  const listen = (udpPort: string) =>
    start(commandOf(receiver, "change_over/receiver.ts", "127.0.0.1", "3565"), { NETSCTP_UDP_PORT: udpPort });
  test(`${sender} sends to ${receiver}`, () =>
    beside(listen(udpPorts[0]), (primary) =>
      beside(listen(udpPorts[1]), async (alternate) => {
        for (const one of [primary, alternate]) await one.says(/^listening on 127\.0\.0\.1, port 3565$/m);
        const peers = udpPorts.map((udpPort) => `127.0.0.1,3565,${udpPort}`);
        await beside(example(sender, "change_over/sender.ts", ...peers), (sender) =>
          judge(
            { sender, primary, alternate },
            () => primary.kill("SIGSTOP"),
            () => primary.kill("SIGCONT"),
          ));
      })));
}

test.run();
