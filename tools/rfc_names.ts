/** Writes core/notifications/rfc_names.gen.ts: notifications under the names that the RFCs have for their fields. */

/** A structure of RFC 6458 or 6525: the type of notification that it is of, and the member of the union. */
export interface RfcStruct {
  type: { number: number; rfc?: string };
  member: string;
  section: string;
  fields: Array<{ rfc: string; field: string; type: "number" | "string" }>;
}

/** The lines of an object, with those of the objects in it: by the names up to a point. */
function linesOf(
  fields: RfcStruct["fields"],
  indent: string,
  line: (field: RfcStruct["fields"][number]) => string,
  end: string,
): string {
  const names = [...new Set(fields.map(({ rfc }) => rfc.split(".")[0]!))];
  return names.map((name) => {
    const inner = fields.filter(({ rfc }) => rfc.startsWith(`${name}.`))
      .map((field) => ({ ...field, rfc: field.rfc.slice(name.length + 1) }));
    if (inner.length === 0) return `${indent}${line(fields.find(({ rfc }) => rfc === name)!)}\n`;
    return `${indent}${name}: {\n${linesOf(inner, `${indent}  `, line, end)}${indent}}${end}\n`;
  }).join("");
}

function declared({ type, member, section, fields }: RfcStruct): string {
  const lines = linesOf(fields, "    ", ({ rfc, type }) => `${rfc}: ${type};`, ";");
  return `  /** ${type.rfc}, ${section}. */\n  ${member}?: {\n${lines}  };\n`;
}

function filled({ type, member, fields }: RfcStruct): string {
  const value = ({ rfc, field, type }: RfcStruct["fields"][number]) =>
    `${rfc}: record.${field}${type === "string" ? ".text" : ""},`;
  return `  ${type.number}: (record) => ({\n    ${member}: {\n${
    linesOf(fields, "      ", value, ",")
  }    },\n  }),\n`;
}

/** @param source what it is made from */
export function rfcNames(structs: RfcStruct[], source: string): string {
  return `\
// GENERATED from ${source} by tools/gen_layout.ts: do not edit. Notifications under the names of RFC 6458 section 6.1, as
// node-lksctp gives them.
import type { NotificationRecord } from "../shim/records.ts";

/** The head of each notification, and one member that is named after its type. */
export interface RfcNotification {
  /** Linux's number of the type; 0 for an unknown one. */
  sn_type: number;
  /** As the stack gave it. */
  sn_flags: number;
  /** Of the raw notification, in bytes. */
  sn_length: number;
${structs.map(declared).join("")}}

/** The member of each type. */
export const RFC_MEMBERS: Readonly<Record<number, (record: NotificationRecord) => Partial<RfcNotification>>> = {
${structs.map(filled).join("")}};
`;
}
