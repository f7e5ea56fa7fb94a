import { createSocket } from "node:dgram";
import { once } from "node:events";

/**
 * A bad network: passes UDP datagrams on to a port of this machine and back, but loses the first one that has `text` in it.
 * Each datagram is one SCTP packet, since SCTP runs over UDP here.
 */
export async function lossyRelay(to: number, text: string): Promise<{ port: number; close(): void }> {
  let sender: number | undefined;
  let isLost = false;
  const relay = createSocket("udp4", (datagram, { port }) => {
    if (port === to) return relay.send(datagram, sender!, "127.0.0.1"); // the way back
    sender = port;
    if (!isLost && datagram.includes(text)) {
      isLost = true;
      console.log(`the network loses "${text}"`);
    } else relay.send(datagram, to, "127.0.0.1");
  });
  relay.bind(0, "127.0.0.1");
  await once(relay, "listening");
  return { port: relay.address().port, close: () => relay.close() };
}
