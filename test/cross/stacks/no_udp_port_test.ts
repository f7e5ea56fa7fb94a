/** The kernel's stack where it has no UDP port, or another: nothing goes out in no UDP, and the error names the sysctl. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, supports, type UnsupportedError } from "netsctp";
import { skip } from "../../helpers/capabilities.ts";
import { freeUdpPort } from "../../../tools/free_udp_port.ts";
import { missing } from "../../helpers/encapsulation.ts";
import { setParameter } from "../../helpers/kernel_parameters.ts";
import { closed } from "../../helpers/pair.ts";

const PORT = 5001; // nobody is asked there
const NAMES = [
  "connect({ udpPort }) of the kernel's stack",
  "listen({ udpPort }) of the kernel's stack",
] as const;

async function errorOf(emitter: ReturnType<typeof connect> | ReturnType<typeof createServer>) {
  const [error] = await once(emitter, "error") as [UnsupportedError];
  return error;
}

if (missing) { for (const name of NAMES) skip(name, missing); }
else {
  test(NAMES[0], async () => {
    setParameter("udp_port", 0);
    const error = await errorOf(connect({ port: PORT, host: "127.0.0.1", udpPort: 9899, stack: "kernel" }));
    assert.equal([error.code, error.feature, error.sctpStack], ["ERR_SCTP_UNSUPPORTED", "udpPort", "kernel"]);
    assert.match(error.message, "sysctl net.sctp.udp_port=9899");
    assert.is(error.message, supports("udpPort", "kernel"));
    setParameter("udp_port", await freeUdpPort());
    assert.is(supports("udpPort", "kernel"), true);
  });

  test(NAMES[1], async () => {
    const port = await freeUdpPort();
    setParameter("udp_port", port);
    const server = createServer({ stack: "kernel" }).listen({ host: "127.0.0.1", udpPort: port });
    await once(server, "listening");
    assert.is(server.udpPort, port);
    await closed(server);
    const other = createServer({ stack: "kernel" }).listen({ host: "127.0.0.1", udpPort: port + 1 });
    const error = await errorOf(other);
    assert.equal([error.code, error.sctpStack], ["ERR_SCTP_UNSUPPORTED", "kernel"]);
    assert.match(error.message, `sysctl net.sctp.udp_port=${port + 1}`);
  });
}

test.run();
