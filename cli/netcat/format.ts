/** Messages that came in, as they are printed. */
import { Buffer } from "node:buffer";
import { isUtf8 } from "node:buffer";
import type { Message } from "../../mod.ts";
import { visible } from "../output.ts";
import { formatPpid, ppidName } from "../ppids.ts";

export const FORMATS = ["line", "raw", "hex", "dump"] as const;
export type Format = typeof FORMATS[number] | "json";

export interface FormatOptions {
  format: Format;
  prefix: boolean;
  /** Which association, where there may be several. */
  id: number | undefined;
  /** A terminal obeys control characters: there they are shown instead. */
  isTerminal: boolean;
  paint: (format: "cyan" | "dim", text: string) => string;
}

/** The bytes that a message is printed as. */
export function formatMessage(message: Message, options: FormatOptions): Buffer | string {
  switch (options.format) {
    case "raw":
      return message;
    case "json":
      return `${JSON.stringify(messageObject(message, options.id))}\n`;
    case "hex":
      return `${message.sid}/${message.ppid} ${message.toString("hex")}\n`;
    case "dump":
      return `${heading(message, options)}\n${dump(message)}`;
    case "line":
      return line(message, options);
  }
}

function messageObject(message: Message, id = 1): object {
  const name = ppidName(message.ppid);
  return {
    event: "message",
    id,
    sid: message.sid,
    ppid: message.ppid,
    ...(name && { ppidName: name }),
    length: message.length,
    base64: message.toString("base64"),
    // Only what is text: nothing is lost by reading either.
    ...(isUtf8(message) && { text: message.toString() }),
  };
}

function heading({ sid, ppid, length }: Message, { id, paint }: FormatOptions): string {
  const which = id === undefined ? "" : `#${id} `;
  return paint("cyan", `${which}stream ${sid}, ppid ${formatPpid(ppid)}, ${length} bytes`);
}

const NEWLINE = Buffer.from("\n");

function line(message: Message, { prefix, id, isTerminal, paint }: FormatOptions): Buffer | string {
  const which = id === undefined ? "" : `#${id} `;
  const before = prefix ? `${paint("cyan", `${which}[${message.sid}/${formatPpid(message.ppid)}]`)} ` : "";
  if (isTerminal) return `${before}${visible(message.toString().replace(/\n$/, ""))}\n`;
  const parts = message.at(-1) === NEWLINE[0] ? [message] : [message, NEWLINE];
  return Buffer.concat([Buffer.from(before), ...parts]);
}

const WIDTH = 16;

/** As `hexdump -C` has it. */
function dump(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const row = bytes.subarray(at, at + WIDTH);
    const digits = row.toString("hex").replace(/../g, "$& ").padEnd(WIDTH * 3);
    const letters = row.toString("latin1").replace(/[^ -~]/g, ".");
    text += `${at.toString(16).padStart(8, "0")}  ${digits} |${letters}|\n`;
  }
  return text;
}
