/** A peer of the kernel's stack whose addresses come and go (RFC 5061). */
import { test } from "uvu";
import { skip } from "../helpers/capabilities.ts";
import { addressesChange } from "../helpers/changing_peer.ts";
import { setParameter, whyNotSettable } from "../helpers/kernel_parameters.ts";
import { closed, listening } from "../helpers/pair.ts";

const PARAMETERS = ["addip_enable", "addip_noauth_enable"]; // without AUTH, which would need keys
const NAME = "sctp_darn adds, makes primary and removes addresses";

const problem = whyNotSettable(...PARAMETERS);
if (problem) skip(NAME, problem);
else {
  test(NAME, async () => {
    for (const name of PARAMETERS) setParameter(name, 1);
    const server = await listening();
    await addressesChange(server);
    await closed(server);
  });
}

test.run();
