import { Buffer } from "node:buffer";
import type { Socket } from "netsctp";

/** IANA's payload protocol identifier for HTTP over SCTP. */
const HTTP = 63;

/** Lets everything that node:http writes to a socket carry HTTP's identifier: it knows nothing of such things. */
export function identified(socket: Socket): Socket {
  const write = socket.write.bind(socket) as (data: Uint8Array, ...rest: unknown[]) => boolean;
  socket.write = (data: string | Uint8Array, ...rest: unknown[]) => {
    const encoding = typeof rest[0] === "string" ? rest[0] as BufferEncoding : "utf8";
    return write(Object.assign(Buffer.from(data as string, encoding), { ppid: HTTP }), ...rest);
  };
  return socket;
}
