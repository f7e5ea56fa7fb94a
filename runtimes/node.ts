/**
 * Node: the shim through koffi. libuv's loop of this thread, the main one or a
 * worker's, polls the shim's epoll descriptor, so a wake needs no other thread
 * (docs/decisions/0004-wake.md, 0008-workers.md).
 */
import koffi from "koffi";
import process from "node:process";
import { type Calls, type Library, type LoopPort, type Runtime, type Stack, WAKE } from "../core/native.ts";
import { type Kind, symbolName, SYMBOLS } from "../core/symbols.ts";
import { openLibrary } from "./library_path.ts";

const wakePointer = koffi.pointer(koffi.proto("void", ["uint32_t"]));

const KINDS: Record<Kind, string | typeof wakePointer> = {
  u32: "uint32_t",
  i32: "int32_t",
  bytes: "uint8_t *",
  wake: wakePointer,
};

function bind(library: ReturnType<typeof koffi.load>): Calls {
  const calls: Record<string, unknown> = {};
  for (const [key, { parameters, result }] of Object.entries(SYMBOLS)) {
    calls[key] = library.func(symbolName(key), KINDS[result], parameters.map((kind) => KINDS[kind]));
  }
  return calls as Calls;
}

function openLoop(calls: Calls, wake: () => void): LoopPort {
  const loop = calls.loop_open(WAKE.UV, koffi.register(wake, wakePointer));
  // The shim learns itself when a worker ends, but not when the process does.
  if (loop >= 0) process.once("exit", () => calls.loop_close(loop));
  return { loop, setRef: (on) => void calls.loop_ref(loop, on ? 1 : 0) };
}

/** The library is an addon, too, which is how libuv comes to wake it (c/wake_uv.c). */
function open(path: string) {
  process.dlopen({ exports: {} } as NodeModule, path);
  return koffi.load(path);
}

export const runtime: Runtime = {
  environment: (name) => process.env[name],
  warn: (message, code) => process.emitWarning(message, { code }),
  load(stack: Stack, directory?: string): Library {
    const { library, path } = openLibrary(stack, directory, open);
    const calls = bind(library);
    return { calls, path, openLoop: (wake) => openLoop(calls, wake) };
  },
};
