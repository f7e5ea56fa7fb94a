/** A message as users see it: a Buffer that knows its stream and protocol. */
import { Buffer, INSPECT_MAX_BYTES } from "node:buffer";
import { inspect } from "node:util";
import { invalidArgType, misuse } from "../errors.ts";
import type { SendOptions } from "../options/send_options.ts";
import { ppidName } from "../registry/ppid.ts";

/** A received message: one whole SCTP message, never joined or split. */
export interface Message extends Buffer {
  /** The stream it came on: `sid` by its name in RFC 9260. */
  stream: number;
  /** The stream it came on. */
  sid: number;
  /** Its payload protocol identifier, host order (RFC 9260 section 3.3.1). */
  ppid: number;
  /** Whether it may have overtaken other messages of its stream. */
  unordered: boolean;
  /** With `sctp.receiveInfo`: its number in its stream; undefined where it is unordered (RFC 6458 section 5.3.5). */
  ssn?: number;
  /** With `sctp.receiveInfo`: the TSN of one of its DATA chunks (RFC 6458 section 5.3.5). */
  tsn?: number;
  /** With `sctp.receiveInfo`: the cumulative TSN as the stack knew it; the kernel's tells it of unordered ones only. */
  cumulativeTsn?: number;
}

/** What can be written: text, or bytes with the properties of their message. */
export type Writable = string | Uint8Array & SendOptions;

/** A Buffer, but for room for its properties: to add them to one that is made costs as much as to make it. */
class MessageBuffer extends Uint8Array {
  static {
    Object.setPrototypeOf(this.prototype, Buffer.prototype);
    Reflect.deleteProperty(this.prototype, "constructor"); // Buffer's: what is made from one is a plain Buffer
  }

  sid: number;
  ppid: number;
  unordered: boolean;

  constructor(
    memory: ArrayBuffer,
    offset: number,
    length: number,
    sid: number,
    ppid: number,
    unordered: boolean,
  ) {
    super(memory, offset, length);
    this.sid = sid;
    this.ppid = ppid;
    this.unordered = unordered;
  }

  get stream(): number {
    return this.sid;
  }
  set stream(stream: number) {
    this.sid = stream;
  }

  [inspect.custom](): string {
    return inspected(this as unknown as Message);
  }
}

/** As that of a Buffer, with what it came with: `<Message stream 3, ppid 60 (NGAP), 5 bytes: 68 65 6c 6c 6f>`. */
function inspected(message: Message): string {
  const { sid, ppid, unordered, ssn, tsn, cumulativeTsn, length } = message;
  const name = ppidName(ppid);
  const told = [
    `stream ${sid}`,
    `ppid ${ppid}${name === undefined ? "" : ` (${name})`}`,
    ...(unordered ? ["unordered"] : []),
    ...Object.entries({ ssn, tsn, cumulativeTsn }).flatMap(([what, n]) =>
      n === undefined ? [] : `${what} ${n}`
    ),
    `${length} byte${length === 1 ? "" : "s"}`,
  ];
  const shown = message.toString("hex", 0, INSPECT_MAX_BYTES).replace(/..(?=.)/g, "$& ");
  const more = length > INSPECT_MAX_BYTES ? ` ... ${length - INSPECT_MAX_BYTES} more` : "";
  return `<Message ${told.join(", ")}: ${shown}${more}>`;
}

/** The message whose bytes lie in `memory`. */
export function messageOf(
  memory: ArrayBuffer,
  offset: number,
  length: number,
  sid: number,
  ppid: number,
  unordered: boolean,
): Message {
  return new MessageBuffer(memory, offset, length, sid, ppid, unordered) as unknown as Message;
}

/**
 * The bytes of what is written. Made here rather than by the stream: what has none must throw before its properties are
 * noted. A Proxy and Object.create(Buffer.prototype) have none, and so has memory that was transferred.
 *
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, and a TypeError of the runtime's
 */
export function bytesOf(data: Writable, encoding?: BufferEncoding): Buffer {
  if (typeof data === "string") return Buffer.from(data, encoding);
  if (!ArrayBuffer.isView(data)) {
    throw invalidArgType("chunk", "of type string or an instance of Buffer, TypedArray, or DataView", data);
  }
  if (!Buffer.isBuffer(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  // A stack reads as many bytes as `length` says, which a program may have defined itself.
  if (data.length === data.byteLength) return data;
  throw misuse(
    "ERR_INVALID_ARG_VALUE",
    'The "chunk" argument has a length that is not the number of its bytes',
  );
}
