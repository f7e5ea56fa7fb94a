/**
 * Node: the shim is an addon, too (c/shim/node_addon.c), so Node itself loads it, and its calls are functions. libuv's loop
 * of this thread, the main one or a worker's, polls the shim's epoll descriptor, so a wake needs no other thread
 * (docs/decisions/0030-addon-for-node.md, 0004-wake.md, 0008-workers.md).
 */
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import {
  type Calls,
  type Library,
  type LoopPort,
  type Runtime,
  type Stack,
  WAKE,
} from "../core/shim/native.ts";
import { SYMBOLS } from "../core/shim/symbols.ts";
import { openLibrary } from "./library_path.ts";

/** What process.dlopen() throws where a program may not load addons: `--permission`, `--no-addons`. */
const FORBIDDEN = new Set<string | undefined>(["ERR_DLOPEN_DISABLED", "ERR_ACCESS_DENIED"]);

function open(path: string): Calls {
  const addon = { exports: {} } as NodeModule;
  try {
    process.dlopen(addon, path);
  } catch (error) {
    if (!FORBIDDEN.has((error as NodeJS.ErrnoException).code)) throw error;
    const message = `${path} may not be loaded: run Node with --allow-addons, and without --no-addons`;
    throw sctpError("ERR_SCTP_PERMISSION", message, error);
  }
  const missing = Object.keys(SYMBOLS).find((name) => !(name in addon.exports));
  if (missing) throw new Error(`it has no ${missing}(), so it is none of netsctp's, or of another version`);
  return addon.exports as Calls;
}

function openLoop(calls: Calls, wake: () => void): LoopPort {
  const loop = calls.loop_open(WAKE.UV, wake);
  // The shim learns itself when a worker ends, but not when the process does.
  if (loop >= 0) process.once("exit", () => calls.loop_close(loop));
  return { loop, setRef: (on) => void calls.loop_ref(loop, on ? 1 : 0) };
}

export const runtime: Runtime = {
  environment: (name) => process.env[name],
  warn: (message, code) => process.emitWarning(message, { code }),
  load(stack: Stack, directory?: string): Library {
    const { library: calls, path } = openLibrary(stack, directory, open);
    return { calls, path, openLoop: (wake) => openLoop(calls, wake) };
  },
};
