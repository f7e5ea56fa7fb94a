/**
 * Payload protocol identifiers by name, as IANA has registered them. Those that
 * test/cli/once/ppids_test.ts finds in Wireshark's tables, and no others.
 */
import { InvalidArgumentError } from "commander";

const NAMES: readonly (readonly [ppid: number, name: string])[] = [
  [1, "iua"],
  [2, "m2ua"],
  [3, "m3ua"],
  [4, "sua"],
  [5, "m2pa"],
  [6, "v5ua"],
  [7, "h248"],
  [8, "bicc"],
  [9, "tali"],
  [10, "dua"],
  [11, "asap"],
  [12, "enrp"],
  [13, "h323"],
  [14, "qipc"],
  [15, "simco"],
  [18, "s1ap"],
  [19, "rua"],
  [20, "hnbap"],
  [21, "forces-hp"],
  [22, "forces-mp"],
  [23, "forces-lp"],
  [24, "sbc-ap"],
  [25, "nbap"],
  [27, "x2ap"],
  [28, "ircp"],
  [29, "lcs-ap"],
  [30, "mpich2"],
  [31, "sabp"],
  [38, "echo"],
  [39, "discard"],
  [40, "daytime"],
  [41, "chargen"],
  [42, "rna"],
  [43, "m2ap"],
  [44, "m3ap"],
  [45, "ssh"],
  [46, "diameter"],
  [47, "diameter-dtls"],
  [48, "r14p"],
  [49, "gdt"],
  [50, "webrtc-control"],
  [51, "webrtc-string"],
  [53, "webrtc-binary"],
  [55, "pua"],
  [56, "webrtc-string-empty"],
  [57, "webrtc-binary-empty"],
  [58, "xwap"],
  [59, "xw-cp"],
  [60, "ngap"],
  [61, "xnap"],
  [62, "f1ap"],
  [64, "e1ap"],
  [65, "ele2"],
  [66, "ngap-dtls"],
  [67, "xnap-dtls"],
  [68, "f1ap-dtls"],
  [69, "e1ap-dtls"],
  [70, "e2-cp"],
  [71, "e2-up"],
  [72, "e2-du"],
  [73, "w1ap"],
];

const MOST = 0xffff_ffff;

/** As people write them: `S1AP`, `s1-ap`, `H.248`. */
const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

const byName = new Map(NAMES.map(([ppid, name]) => [plain(name), ppid]));
const byNumber = new Map(NAMES);

/** All names, for completion and documentation. */
export const PPID_NAMES: readonly (readonly [ppid: number, name: string])[] = NAMES;

/** The name of an identifier, if it has one here. */
export function ppidName(ppid: number): string | undefined {
  return byNumber.get(ppid);
}

/** A number (also 0x...) or a name. */
export function parsePpid(text: string): number {
  const number = /^(0x[\da-f]+|\d+)$/i.test(text) ? Number(text) : byName.get(plain(text));
  if (number !== undefined && number <= MOST) return number;
  throw new InvalidArgumentError(
    number === undefined
      ? `A number or a name such as ngap is wanted: ${NAMES.map(([, name]) => name).join(", ")}.`
      : `A number from 0 to ${MOST} is wanted.`,
  );
}

/** For people: `60 ngap`, or the number alone. */
export function formatPpid(ppid: number): string {
  const name = ppidName(ppid);
  return name ? `${ppid} ${name}` : String(ppid);
}
