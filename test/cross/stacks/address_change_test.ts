/** A peer whose addresses come and go (RFC 5061), in UDP: our end is on the userspace stack. */
import { once } from "node:events";
import { test } from "uvu";
import { createServer } from "netsctp";
import { skip } from "../../helpers/capabilities.ts";
import { addressesChange } from "../../helpers/changing_peer.ts";
import { freeUdpPort } from "../../../tools/free_udp_port.ts";
import { missing, userspacePort } from "../../helpers/encapsulation.ts";
import { setParameter, whyNotSettable } from "../../helpers/kernel_parameters.ts";
import { closed } from "../../helpers/pair.ts";

const PARAMETERS = ["addip_enable", "auth_enable"]; // usrsctp takes no change that is not authenticated
const NAME = "sctp_darn adds, makes primary and removes addresses over UDP";

const problem = missing ?? whyNotSettable(...PARAMETERS);
if (problem) skip(NAME, problem);
else {
  test(NAME, async () => {
    setParameter("udp_port", await freeUdpPort());
    setParameter("encap_port", userspacePort);
    for (const name of PARAMETERS) setParameter(name, 1);
    const server = createServer({ stack: "userspace" });
    server.listen({ host: "127.0.0.1", udpPort: userspacePort });
    await once(server, "listening");
    await addressesChange(server);
    await closed(server);
  });
}

test.run();
