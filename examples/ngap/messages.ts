// The two messages of an NG Setup, written by hand: the ASN.1 is in TS 38.413 section 9.4, and is encoded by the aligned
// packed rules, APER (X.691). A real gNB or AMF has a generated encoder; here each byte is explained.
import { Buffer } from "node:buffer";

/** NGAP's payload protocol identifier, and the stream for what belongs to no terminal (TS 38.412 section 7). */
export const PPID = 60;
export const NON_UE_STREAM = 0;

export const NG_SETUP = 21; // TS 38.413 section 9.4.7, as the identifiers below
const ID = {
  AMF_NAME: 1,
  DEFAULT_PAGING_DRX: 21,
  GLOBAL_RAN_NODE_ID: 27,
  PLMN_SUPPORT_LIST: 80,
  RAN_NODE_NAME: 82,
  RELATIVE_AMF_CAPACITY: 86,
  SERVED_GUAMI_LIST: 96,
  SUPPORTED_TA_LIST: 102,
};
/** What a receiver that does not know an element is to do: two bits, at the upper end of a byte of their own. */
const REJECT = 0x00, IGNORE = 0x40;

/** The kinds of messages: the choice at the beginning, one bit for extensions and two for which. */
const KIND = { request: 0x00, response: 0x20, failure: 0x40 };
export type Kind = keyof typeof KIND;

type Element = [id: number, criticality: number, value: Uint8Array];

/** An open type: its length in one byte, or in two with the upper bit set, then itself. */
function open(content: Uint8Array): Buffer {
  const { length } = content;
  return Buffer.concat([
    length < 128 ? Buffer.of(length) : Buffer.of(0x80 | length >> 8, length & 255),
    content,
  ]);
}

function message(kind: Kind, procedure: number, elements: Element[]): Buffer {
  const body = elements.map(([id, criticality, value]) =>
    Buffer.concat([Buffer.of(id >> 8, id & 255, criticality), open(value)])
  );
  // The sequence has an extension bit, and seven to fill the byte; then how many elements there are.
  const sequence = Buffer.concat([Buffer.of(0, elements.length >> 8, elements.length & 255), ...body]);
  return Buffer.concat([Buffer.of(KIND[kind], procedure, REJECT), open(sequence)]);
}

/** PrintableString (SIZE(1..150, ...)): an extension bit, eight bits of length - 1, seven to fill, the characters. */
function name(text: string): Buffer {
  const length = text.length - 1;
  return Buffer.concat([Buffer.of(length >> 1, (length & 1) << 7), Buffer.from(text, "latin1")]);
}

/** Country 001 and network 01, which are for tests: digits swapped in pairs, F in place of the one that is missing. */
const PLMN = [0x00, 0xf1, 0x10];
/** One slice (0 in 16 bits), of type 1 (eMBB): its item has two bits and itself three, all 0; the type's 8; 3 to fill. */
const SLICES = [0x00, 0x00, 0x00, 0x08];

export function setupRequest(nodeName: string, nodeId: number): Buffer {
  const id = Buffer.alloc(4);
  id.writeUInt32BE(nodeId);
  return message("request", NG_SETUP, [
    // A gNB (00), no extensions (00), filled up; then its network; its ID is a bit string (0) of 22 + 10 bits (1010).
    [ID.GLOBAL_RAN_NODE_ID, REJECT, Buffer.of(0x00, ...PLMN, 0x50, ...id)],
    [ID.RAN_NODE_NAME, IGNORE, name(nodeName)],
    // One tracking area (0 in 8 bits): no extensions (00), code 1; one network (0 in 4 bits): no extensions (00).
    [ID.SUPPORTED_TA_LIST, REJECT, Buffer.of(0x00, 0x00, 0, 0, 1, 0x00, ...PLMN, ...SLICES)],
    // Extension bit 0, then v128 of v32, v64, v128, v256: 10.
    [ID.DEFAULT_PAGING_DRX, IGNORE, Buffer.of(0x40)],
  ]);
}

export function setupResponse(amfName: string): Buffer {
  return message("response", NG_SETUP, [
    [ID.AMF_NAME, REJECT, name(amfName)],
    // One GUAMI (0 in 8 bits): its item has three bits and itself two, all 0; then region 1 (8 bits), set 1 (10), AMF 0 (6).
    [ID.SERVED_GUAMI_LIST, REJECT, Buffer.of(0x00, 0x00, ...PLMN, 0x01, 0x00, 0x40)],
    [ID.RELATIVE_AMF_CAPACITY, IGNORE, Buffer.of(255)],
    // One network (0 in 4 bits), no extensions (00), filled up.
    [ID.PLMN_SUPPORT_LIST, REJECT, Buffer.of(0x00, ...PLMN, ...SLICES)],
  ]);
}

export interface Pdu {
  kind: Kind;
  procedure: number;
  elements: Map<number, Buffer>;
}

/** Takes a message apart, down to its elements; their values stay encoded. */
export function decode(bytes: Buffer): Pdu {
  const kind = (Object.keys(KIND) as Kind[]).find((kind) => KIND[kind] === bytes[0]);
  if (!kind || bytes.length < 7) throw new Error("not an NGAP message");
  let at = 3;
  const length = () => bytes[at]! < 128 ? bytes.readUInt8(at++) : bytes.readUInt16BE((at += 2) - 2) & 0x3fff;
  if (length() !== bytes.length - at) throw new Error("an NGAP message of another length than it says");
  const elements = new Map<number, Buffer>();
  let missing = bytes.readUInt16BE(at + 1);
  for (at += 3; missing > 0; missing--) {
    const id = bytes.readUInt16BE(at); // beyond the end it throws, too
    at += 3;
    const size = length();
    if (at + size > bytes.length) throw new Error(`element ${id} of the NGAP message is cut off`);
    elements.set(id, bytes.subarray(at, at += size));
  }
  return { kind, procedure: bytes[1]!, elements };
}

/** The name of the sender, of either end. */
export function nameIn({ elements }: Pdu): string {
  const value = elements.get(ID.RAN_NODE_NAME) ?? elements.get(ID.AMF_NAME);
  return value ? value.toString("latin1", 2) : "(no name)";
}
