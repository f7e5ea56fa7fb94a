/**
 * The exported functions of the shim (c/sctp_shim.h), as data: each adapter
 * only spells the kinds in its own FFI's words. `uN`/`iN` are C integers,
 * `bytes` a pointer into a Uint8Array the caller owns, `wake` a function
 * pointer `void (*)(uint32_t)`.
 */
import type { Calls } from "./native.ts";

export type Kind = "u32" | "i32" | "bytes" | "wake";

export interface SymbolShape {
  readonly parameters: readonly Kind[];
  readonly result: "u32" | "i32";
}

export const SYMBOLS = {
  layout_hash: { parameters: [], result: "u32" },
  stack: { parameters: [], result: "i32" },
  probe: { parameters: [], result: "i32" },
  supports: { parameters: ["u32"], result: "i32" },
  explain: { parameters: ["bytes", "u32"], result: "i32" },
  failed_local: { parameters: [], result: "i32" },
  lacking_option: { parameters: [], result: "i32" },
  error_name: { parameters: ["i32", "bytes", "u32"], result: "i32" },
  counters: { parameters: ["bytes", "u32"], result: "i32" },
  loop_open: { parameters: ["u32", "wake"], result: "i32" },
  loop_ref: { parameters: ["u32", "u32"], result: "i32" },
  loop_socket: { parameters: ["u32"], result: "i32" },
  loop_close: { parameters: ["u32"], result: "i32" },
  take: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  listen: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  connect: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  accept: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  receive: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  send: { parameters: ["u32", "bytes", "u32", "u32"], result: "i32" },
  send_one: { parameters: ["u32", "bytes", "bytes", "u32"], result: "i32" },
  shutdown: { parameters: ["u32"], result: "i32" },
  close: { parameters: ["u32", "u32"], result: "i32" },
  abort: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  addresses: { parameters: ["u32", "u32", "bytes", "u32"], result: "i32" },
  status: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  statistics: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  paths: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  configure: { parameters: ["u32", "bytes", "u32"], result: "i32" },
  inspect: { parameters: ["u32", "bytes", "u32", "bytes", "u32"], result: "i32" },
} as const satisfies Record<string, SymbolShape>;

/** The name of a function in the shared object. */
const symbolName = (key: string) => `netsctp_${key}`;

/** What an FFI is to look up: under each function's name in the shared object its signature, as that FFI spells it. */
export function signatures<T>(spell: (shape: SymbolShape) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(SYMBOLS).map(([key, shape]) => [symbolName(key), spell(shape)]));
}

/** The calls, from what an FFI has found. */
export function callsOf(found: Record<string, unknown>): Calls {
  return Object.fromEntries(Object.keys(SYMBOLS).map((key) => [key, found[symbolName(key)]])) as Calls;
}
