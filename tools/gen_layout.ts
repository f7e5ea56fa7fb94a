// gen_layout.ts [--check]: core/shim/records.gen.ts is what the C compiler says about the records in c/sctp_records.def,
// core/notifications/rfc_names.gen.ts what is said there of the RFCs' names.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { keepGenerated } from "./generated.ts";
import { rfcNames, type RfcStruct } from "./rfc_names.ts";

const SOURCE = "c/sctp_records.def";
const source = readFileSync(SOURCE, "utf8");

/** Enums whose values are words of core's, too: the type of the words, and what its documentation says. */
const WORDS: Record<string, [type: string, documentation: string]> = {
  ASSOC: ["AssociationState", "States of an association (RFC 6458 section 6.1.1)."],
  PATH: ["PathState", "States of a path (RFC 6458 section 6.1.2)."],
  KEY: ["KeyChange", "What has become of a key (RFC 6458 section 6.1.8)."],
  BY: ["EndedBy", "Who has ended an association; the network where nothing came back, or a router said why."],
};
/** Records that users see as they are: the type, and what its documentation says. That of a field stands above it. */
const PUBLIC: Record<string, [type: string, documentation: string]> = {
  counters: ["Counters", "Running totals of the shim, each wrapping at 2^32."],
};
/** Records of the hot path: their fields can be read one by one. */
const HOT = new Set(["ready", "received", "inbound", "outbound"]);
/** One is written for each message: from numbers one by one, as an object for them would cost more than the writing. */
const EACH_MESSAGE = new Set(["outbound"]);

interface Field {
  name: string;
  offset: number;
  size: number;
  type: string;
}

/** An enum, with the numbers of its values, or a record, with its fields. */
interface Enumeration {
  name: string;
  values: Array<{ name: string; number: number; rfc?: string }>;
}
interface Layout {
  name: string;
  size: number;
  fields: Field[];
}

const camel = (name: string) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string) => camel(`_${name}`);
const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const word = (name: string) => name.toLowerCase().replaceAll("_", "-");

// ------------------------------------------------------------------- enums

function enumeration({ name, values }: Enumeration): string {
  const numbers = `
export const ${name} = {
${values.map((value) => `  ${value.name}: ${value.number},`).join("\n")}
} as const;
`;
  const known = values.filter(({ name }) => name !== "UNKNOWN");
  const [type, documentation] = WORDS[name] ?? [];
  const words = type === undefined ? "" : `
/** ${documentation} */
export type ${type} = ${known.map((value) => `"${word(value.name)}"`).join(" | ")};

export const ${name}_WORDS: Readonly<Record<number, ${type}>> = {
${known.map((value) => `  ${value.number}: "${word(value.name)}",`).join("\n")}
};
`;
  const names = known.every(({ rfc }) => rfc === undefined) ? "" : `
/** As RFC 6458 has them. */
export const ${name}_NAMES: Readonly<Record<number, string>> = {
${known.map((value) => `  ${value.number}: "${value.rfc}",`).join("\n")}
};
`;
  return numbers + words + names;
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
  const element = (view: string, size: number, offset: number) =>
    `slab.${view}[${offset === 0 ? "at" : `(at + ${offset})`} >> ${Math.log2(size)}]`;
  if (view !== undefined) {
    const place = element(view, size, offset);
    return { type: "number", read: `${place}!`, write: (value) => `${place} = ${value}` };
  }
  if (type === "uint64_t") { // as a number, which counts exactly up to 2^53
    const [low, high] = [offset, offset + 4].map((half) => element("u32", 4, half));
    return {
      type: "number",
      read: `${low}! + ${high}! * 2 ** 32`,
      write: (value) => `${low} = ${value}, ${high} = ${value} / 2 ** 32`,
    };
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
  const constant = `${pascal(name)}Record`;
  const [type = constant, documentation] = PUBLIC[name] ?? [];
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
  const put = EACH_MESSAGE.has(name)
    ? `
  put(
    { u16, u32 }: Slab,
    at: number,
${lines((field, { type }) => `    ${field}: ${type},`)}
  ): void {
${`${lines((field, { write }) => `    ${write(field)};`)}${reserved}`.replaceAll("slab.", "")}
  },`
    : "";
  const documented = (field: string) => documentation ? `  /** ${documentationOf(name, field)} */\n` : "";
  return `
${documentation ? `/** ${documentation} */\n` : ""}export interface ${type} {
${lines((field, { type }) => `${documented(field)}  ${field}: ${type};`)}
}

export const ${constant} = {
  SIZE: ${size},
  read: (slab: Slab, at: number): ${type} => ({
${lines((field, { read }) => `    ${field}: ${read},`)}
  }),
  write: (slab: Slab, at: number, record: ${type}): void => {
${lines((field, { write }) => `    ${write(`record.${field}`)};`)}${reserved}
  },${single}${put}
};
`;
}

/** The comment above a field. */
function documentationOf(record: string, field: string): string {
  const [, comment] = source.match(`/\\* ([^/]*) \\*/\nFIELD\\(${record}, \\w+, ${snake(field)}\\)`) ?? [];
  if (comment === undefined) throw new Error(`${SOURCE}: ${record}.${field} has no comment above it`);
  return comment.replaceAll(/\s*\n \* /g, " ");
}

// -------------------------------------------------------------- the layout

execFileSync("make", ["-s", "-C", "c", "layout"], { stdio: ["ignore", "inherit", "inherit"] });
const lines = execFileSync("build/layout_dump", { encoding: "utf8" }).trimEnd().split("\n");
let hash = "", align = "";
const enums: Enumeration[] = [];
const records: Layout[] = [];
const structs: RfcStruct[] = [];
const valueOf = (of: string, value: string) =>
  enums.find(({ name }) => name === of)!.values.find(({ name }) => name === value)!;
for (const line of lines) {
  const [kind, name, a, b, ...type] = line.trimEnd().split(" ") as [string, string, string, string];
  const number = Number(a);
  if (kind === "hash") hash = name;
  else if (kind === "align") align = name;
  else if (kind === "enum") enums.push({ name, values: [] });
  else if (kind === "value") enums.at(-1)!.values.push({ name, number });
  else if (kind === "record") records.push({ name, size: number, fields: [] });
  else if (kind === "field") {
    records.at(-1)!.fields.push({ name, offset: number, size: Number(b), type: type.join(" ") });
  } else if (kind === "rfc") valueOf(name, a).rfc = b;
  else if (kind === "struct") {
    structs.push({
      type: valueOf("NOTIFICATION", name),
      member: a,
      section: [b, ...type].join(" "),
      fields: [],
    });
  } else if (kind === "member") {
    structs.at(-1)!.fields.push({ rfc: name, field: camel(a), type: a === "address" ? "string" : "number" });
  }
}

const text = `\
// GENERATED from ${SOURCE} by tools/gen_layout.ts: do not edit. The numbers and words of every enum value, and
// the readers and writers of every record, that cross the FFI.
import type { Slab } from "./slab.ts";

/** The shared library must answer this from netsctp_layout_hash(). */
export const LAYOUT_HASH = ${hash};

/** Records in a batch start at a multiple of this. */
export const ALIGN = ${align};
${enums.map(enumeration).join("")}${records.map(record).join("")}`;
keepGenerated("core/shim/records.gen.ts", text, SOURCE);
keepGenerated("core/notifications/rfc_names.gen.ts", rfcNames(structs, SOURCE), SOURCE);
