/**
 * Deno: the shim through `Deno.dlopen`. A thread of the shim's waits on its
 * epoll descriptor and calls back (docs/decisions/0004-wake.md), or in a worker,
 * which may be gone by then, writes to a socket (0008-workers.md).
 */
import { Socket } from "node:net";
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import { type Calls, type Library, type LoopPort, type Runtime, type Stack, WAKE } from "../core/native.ts";
import { type Kind, symbolName, SYMBOLS } from "../core/symbols.ts";
import { openLibrary } from "./library_path.ts";

const KINDS: Record<Kind, Deno.NativeType> = { u32: "u32", i32: "i32", bytes: "buffer", wake: "function" };

// Of either kind: node:worker_threads knows only its own.
const isWorker = "DedicatedWorkerGlobalScope" in globalThis;

function signatures(): Record<string, Deno.ForeignFunction> {
  const entries = Object.entries(SYMBOLS).map(([key, { parameters, result }]) =>
    [symbolName(key), { parameters: parameters.map((kind) => KINDS[kind]), result: KINDS[result] }] as const
  );
  return Object.fromEntries(entries) as Record<string, Deno.ForeignFunction>;
}

function bind(symbols: Record<string, unknown>): Calls {
  const entries = Object.keys(SYMBOLS).map((key) => [key, symbols[symbolName(key)]]);
  return Object.fromEntries(entries) as Calls;
}

function openLoopOfMain(calls: Calls, wake: () => void): LoopPort {
  const callback = Deno.UnsafeCallback.threadSafe({ parameters: ["u32"], result: "void" }, wake);
  callback.unref(); // threadSafe() starts out with a reference
  const loop = calls.loop_open(WAKE.THREAD, callback.pointer);
  if (loop >= 0) closeAtExit(() => calls.loop_close(loop));
  return { loop, setRef: (on) => void (on ? callback.ref() : callback.unref()) };
}

/** Nobody may call into Deno once it is going. An exception that is not caught ends it without an 'exit'. */
function closeAtExit(close: () => void): void {
  process.once("exit", close);
  process.on("uncaughtExceptionMonitor", () => {
    if (process.listenerCount("uncaughtException") === 0) close();
  });
}

/** The shim closes the loop when the worker's thread ends: no event of JavaScript tells of every end. */
function openLoopOfWorker(calls: Calls, wake: () => void): LoopPort {
  const loop = calls.loop_open(WAKE.SOCKET, null);
  if (loop < 0) return { loop, setRef() {} };
  const socket = socketOf(calls, loop).on("data", () => wake()).unref();
  return { loop, setRef: (on) => void (on ? socket.ref() : socket.unref()) };
}

function socketOf(calls: Calls, loop: number): Socket {
  try {
    return new Socket({ fd: calls.loop_socket(loop) });
  } catch (error) {
    calls.loop_close(loop);
    throw sctpError("ERR_SCTP_UNAVAILABLE", "SCTP in a worker needs Deno 2.8 or newer", error);
  }
}

/** Reading must neither ask nor throw where it is not allowed: then nothing is set. */
function environment(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

function open(path: string) {
  try {
    return Deno.dlopen(path, signatures());
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw sctpError("ERR_SCTP_PERMISSION", `${path} may not be loaded: run Deno with --allow-ffi`, error);
  }
}

export const runtime: Runtime = {
  environment,
  warn: (message, code) => process.emitWarning(message, { code }),
  load(stack: Stack): Library {
    const { library, path } = openLibrary(stack, environment("NETSCTP_LIBRARY"), open);
    const calls = bind(library.symbols);
    const openLoop = isWorker ? openLoopOfWorker : openLoopOfMain;
    return { calls, path, openLoop: (wake) => openLoop(calls, wake) };
  },
};
