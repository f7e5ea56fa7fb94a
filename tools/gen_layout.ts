// gen_layout.ts [--check]: core/shim/records.gen.ts is what the C compiler says about the records in c/sctp_records.def.
import { execFileSync } from "node:child_process";
import { keepGenerated } from "./generated.ts";

/** Enums whose values are words of core's, too. */
const WORDS = new Set(["ASSOC", "PATH", "KEY", "BY"]);
/** Records of the hot path: their fields can be read one by one. */
const HOT = new Set(["ready", "received", "inbound", "outbound"]);

interface Field {
  name: string;
  offset: number;
  size: number;
  type: string;
}

/** An enum, with the numbers of its values, or a record, with its fields. */
interface Enumeration {
  name: string;
  values: Array<{ name: string; number: number }>;
}
interface Layout {
  name: string;
  size: number;
  fields: Field[];
}

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => camel(`_${name}`);
const word = (name: string) => name.toLowerCase().replaceAll("_", "-");

// ------------------------------------------------------------------- enums

function enumeration({ name, values }: Enumeration): string {
  const numbers = `
export const ${name} = {
${values.map((value) => `  ${value.name}: ${value.number},`).join("\n")}
} as const;
`;
  if (!WORDS.has(name)) return numbers;
  const type = values.map((value) => `"${word(value.name)}"`).join(" | ");
  return `${numbers}
export const ${name}_WORDS: Readonly<Record<number, ${type}>> = {
${values.map((value) => `  ${value.number}: "${word(value.name)}",`).join("\n")}
};
`;
}

// ----------------------------------------------------------------- records

const plus = (offset: number) => offset === 0 ? "at" : `at + ${offset}`;

/** How a field is read and written, in TypeScript. */
interface Access {
  type: string;
  read: string;
  /** @param value the expression that is written */
  write(value: string): string;
}

const VIEWS: Record<string, string> = { uint16_t: "u16", uint32_t: "u32", int32_t: "i32" };

function access(field: Field, { name: record, fields }: Layout): Access {
  const { name, offset, size, type } = field;
  const view = VIEWS[type];
  if (view !== undefined) {
    const shift = Math.log2(size);
    const place = `slab.${view}[${offset === 0 ? "at" : `(at + ${offset})`} >> ${shift}]`;
    return { type: "number", read: `${place}!`, write: (value) => `${place} = ${value}` };
  }
  const nested = /^struct netsctp_(\w+)$/.exec(type)?.[1];
  if (nested !== undefined) {
    const of = `${pascal(nested)}Record`;
    return {
      type: of,
      read: `${of}.read(slab, ${plus(offset)})`,
      write: (value) => `${of}.write(slab, ${plus(offset)}, ${value})`,
    };
  }
  const length = fields.find((other) => other.name === `${name}_length`);
  if (type === "char" && length !== undefined) {
    const { read, write } = access(length, { name: record, size, fields });
    return {
      type: "string",
      read: `slab.bytes.toString("utf8", ${plus(offset)}, ${plus(offset)} + ${read})`,
      write: (value) => write(`slab.bytes.write(${value}, ${plus(offset)}, ${size})`),
    };
  }
  throw new Error(`${record}.${name}: tools/gen_layout.ts cannot read a field of type ${type}`);
}

function record(layout: Layout): string {
  const { name, size, fields } = layout;
  const type = `${pascal(name)}Record`;
  const lengths = new Set(
    fields.filter(({ type }) => type === "char").map((field) => `${field.name}_length`),
  );
  const shown = fields.filter((field) => field.name !== "reserved" && !lengths.has(field.name));
  const lines = (line: (name: string, access: Access) => string) =>
    shown.map((field) => line(camel(field.name), access(field, layout))).join("\n");
  const reserved = fields.filter((field) => field.name === "reserved")
    .map((field) => `\n    ${access(field, layout).write("0")};`).join("");
  const single = HOT.has(name)
    ? `\n${lines((field, { type, read }) => `  ${field}: (slab: Slab, at: number): ${type} => ${read},`)}`
    : "";
  return `
export interface ${type} {
${lines((field, { type }) => `  ${field}: ${type};`)}
}

export const ${type} = {
  SIZE: ${size},
  read: (slab: Slab, at: number): ${type} => ({
${lines((field, { read }) => `    ${field}: ${read},`)}
  }),
  write: (slab: Slab, at: number, record: ${type}): void => {
${lines((field, { write }) => `    ${write(`record.${field}`)};`)}${reserved}
  },${single}
};
`;
}

// -------------------------------------------------------------- the layout

execFileSync("make", ["-s", "-C", "c", "layout"], { stdio: ["ignore", "inherit", "inherit"] });
const lines = execFileSync("build/layout_dump", { encoding: "utf8" }).trimEnd().split("\n");
let hash = "", align = "";
const enums: Enumeration[] = [];
const records: Layout[] = [];
for (const line of lines) {
  const [kind, name, a, b, ...type] = line.trimEnd().split(" ");
  const number = Number(a);
  if (kind === "hash") hash = name!;
  else if (kind === "align") align = name!;
  else if (kind === "enum") enums.push({ name: name!, values: [] });
  else if (kind === "value") enums.at(-1)!.values.push({ name: name!, number });
  else if (kind === "record") records.push({ name: name!, size: number, fields: [] });
  else records.at(-1)!.fields.push({ name: name!, offset: number, size: Number(b), type: type.join(" ") });
}

const text = `\
// GENERATED from c/sctp_records.def by tools/gen_layout.ts: do not edit. The numbers and words of every enum value, and
// the readers and writers of every record, that cross the FFI.
import type { Slab } from "./slab.ts";

/** The shared library must answer this from netsctp_layout_hash(). */
export const LAYOUT_HASH = ${hash};

/** Records in a batch start at a multiple of this. */
export const ALIGN = ${align};
${enums.map(enumeration).join("")}${records.map(record).join("")}`;
keepGenerated("core/shim/records.gen.ts", text, "c/sctp_records.def");
