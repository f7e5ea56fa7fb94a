/** Payload protocol identifiers by name, as people write them and read them. */
import { InvalidArgumentError } from "commander";
import { PPID } from "../mod.ts";

const NAMES: readonly (readonly [ppid: number, name: string])[] = Object.entries(PPID).map((
  [name, ppid],
) => [ppid, name.toLowerCase().replaceAll("_", "-")]);

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
