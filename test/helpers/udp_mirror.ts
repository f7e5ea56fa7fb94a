/** A UDP port that sends back what it gets: what lies between two ends of SCTP over UDP that are both in this process. */
import { createSocket } from "node:dgram";
import { once } from "node:events";

export interface UdpMirror {
  /** What the client connects to as `udpPort`. */
  port: number;
  close(): void;
}

/** @param onPacket calls `pass` for a packet that is to go on, now or later */
export async function udpMirror(onPacket: (packet: Buffer, pass: () => void) => void): Promise<UdpMirror> {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.on("message", (packet, { port, address }) => {
    onPacket(packet, () => socket.send(packet, port, address));
  });
  return { port: socket.address().port, close: () => socket.close() };
}

/** One through which a packet goes every few milliseconds. */
export async function slowMirror(intervalMs: number): Promise<UdpMirror> {
  const waiting: Array<() => void> = [];
  const timer = setInterval(() => waiting.shift()?.(), intervalMs);
  const { port, close } = await udpMirror((_packet, pass) => void waiting.push(pass));
  return {
    port,
    close() {
      clearInterval(timer);
      close();
    },
  };
}
