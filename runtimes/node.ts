/**
 * Node: the shim through koffi. libuv polls the shim's epoll descriptor in its
 * default loop, so a wake needs no thread (docs/decisions/0004-wake.md); a
 * worker thread has a loop of its own that C cannot reach, and gets a waiting
 * thread.
 */
import koffi from "koffi";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
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
  const callback = koffi.register(wake, wakePointer);
  let loop = isMainThread ? calls.loop_open(WAKE.UV, callback) : -1;
  const byThread = loop < 0; // also where the host is no Node, and has no libuv to offer
  if (byThread) loop = calls.loop_open(WAKE.THREAD, callback);
  if (loop >= 0) process.once("exit", () => calls.loop_close(loop));
  let alive: NodeJS.Timeout | undefined;
  return {
    loop,
    setRef(on) {
      if (!byThread) return void calls.loop_ref(loop, on ? 1 : 0);
      // A call from another thread does not keep Node's loop alive; a timer that never matters does.
      clearInterval(alive);
      if (on) alive = setInterval(() => {}, 2 ** 30);
    },
  };
}

export const runtime: Runtime = {
  environment: (name) => process.env[name],
  warn: (message, code) => process.emitWarning(message, { code }),
  load(stack: Stack): Library {
    const { library, path } = openLibrary(stack, process.env.NETSCTP_LIBRARY, (path) => koffi.load(path));
    const calls = bind(library);
    return { calls, path, openLoop: (wake) => openLoop(calls, wake) };
  },
};
