/** Which options the kernel's SCTP takes, and what two ends of it agree on. */
import type { AssociationStatus, ConnectOptions } from "../../mod.ts";
import type { Context } from "./context.ts";
import { type Place, withAssociation } from "./exchange.ts";
import { extensionsOf } from "./extensions.ts";
import { type Finding, finding } from "./finding.ts";

const LIMIT_MS = 5000;
const ASKED_WINDOW = 2 * 1024 * 1024;

const OPTIONS: Record<string, Partial<ConnectOptions>> = {
  "SCTP_DELAYED_SACK": { sctp: { sack: { delay: 100, freq: 1 } } },
  "SCTP_PEER_ADDR_PARAMS": { keepAlive: true, keepAliveInitialDelay: 5000 },
  "SCTP_INITMSG": { OS: 20, MIS: 20 },
  "SCTP_NODELAY": { noDelay: false },
};

export async function optionsProbe({ stacks, distribution }: Context): Promise<Finding[]> {
  if (!stacks.kernel.usable) return [];
  const accepted: string[] = [];
  const refused: Record<string, string> = {};
  let status: AssociationStatus | undefined;
  for (const [name, options] of Object.entries(OPTIONS)) {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const place: Place = { stack: "kernel", host: "127.0.0.1", udpPort: undefined, signal };
    try {
      await withAssociation(place, options, ({ client }) => {
        status ??= client.status();
        if (options.OS && client.outboundStreams > options.OS) throw new Error("was not taken into account");
        return Promise.resolve();
      });
      accepted.push(name);
    } catch (error) {
      refused[name] = (error as Error).message;
    }
  }
  if (status === undefined) return []; // the self-test says why
  const extensions = extensionsOf(status.peer.cap);
  const data = { accepted, refused, extensions, window: status.rwnd, askedWindow: ASKED_WINDOW };
  const names = Object.keys(refused);
  const found = [
    names.length === 0
      ? finding(
        "kernel-options",
        "ok",
        `${accepted.length} options are taken; extensions: ${inWords(extensions)}`,
        { data },
      )
      : finding(
        "kernel-options",
        "broken",
        `not taken: ${names.map((name) => `${name} (${refused[name]})`).join(", ")}`,
        { data },
      ),
  ];
  if (status.rwnd === undefined) {
    found.push(
      finding(
        "kernel-diag",
        "note",
        "without the sctp_diag module status() does not know windows, tags and queues",
        {
          cure: [distribution.asRoot("modprobe sctp_diag")],
        },
      ),
    );
  }
  return found;
}

const inWords = (extensions: string[] | undefined) =>
  extensions === undefined ? "not known" : extensions.join(", ") || "none";
