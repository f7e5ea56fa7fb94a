/**
 * Deno: the shim through `Deno.dlopen`. The kernel waits for the shim's epoll
 * descriptor and writes a byte to a socket that Deno reads
 * (docs/decisions/0014-wake-by-io-uring.md). Where it may not, a thread of the
 * shim's waits and calls back (0004-wake.md), or in a worker, which may be gone
 * by then, writes that byte (0008-workers.md).
 */
import { lookup as dnsLookup } from "node:dns";
import { Socket as NetSocket } from "node:net";
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import {
  type Calls,
  type Library,
  type Lookup,
  type LoopPort,
  type Runtime,
  type Stack,
  WAKE,
} from "../core/shim/native.ts";
import { callsOf, type Kind, signatures, type SymbolShape } from "../core/shim/symbols.ts";
import { openLibrary } from "./library_path.ts";
import type { Libc } from "./library_places.ts";

const KINDS: Record<Kind, Deno.NativeType> = { u32: "u32", i32: "i32", bytes: "buffer", wake: "function" };

// Of either kind: node:worker_threads knows only its own.
const isWorker = "DedicatedWorkerGlobalScope" in globalThis;

// `new NetSocket({ fd })` came with 2.8.
function hasSockets(): boolean {
  const [major, minor] = Deno.version.deno.split(".").map(Number);
  return major! > 2 || (major === 2 && minor! >= 8);
}

const spell = ({ parameters, result }: SymbolShape): Deno.ForeignFunction => ({
  parameters: parameters.map((kind) => KINDS[kind]),
  result: KINDS[result],
});

function openLoop(calls: Calls, wake: () => void): LoopPort {
  const loop = hasSockets() ? calls.loop_open(WAKE.RING, null) : -1;
  if (loop >= 0) return closedAtExit(calls, readWakes(calls, loop, wake));
  // A callback is the cheaper way for a thread, but needs --allow-ffi for everything.
  if (isWorker || !mayCallBack()) return closedAtExit(calls, openLoopOnSocket(calls, wake));
  return closedAtExit(calls, openLoopOnCallback(calls, wake));
}

function mayCallBack(): boolean {
  return Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}

function openLoopOnCallback(calls: Calls, wake: () => void): LoopPort {
  const callback = Deno.UnsafeCallback.threadSafe({ parameters: ["u32"], result: "void" }, wake);
  callback.unref(); // threadSafe() starts out with a reference
  const loop = calls.loop_open(WAKE.THREAD, callback.pointer);
  if (loop < 0) callback.close();
  return { loop, setRef: (on) => void (on ? callback.ref() : callback.unref()) };
}

function openLoopOnSocket(calls: Calls, wake: () => void): LoopPort {
  if (!hasSockets()) {
    const message = "SCTP in a worker, or with --allow-ffi for a path only, needs Deno 2.8 or newer";
    throw sctpError("ERR_SCTP_UNAVAILABLE", message);
  }
  const loop = calls.loop_open(WAKE.SOCKET, null);
  return loop < 0 ? { loop, setRef() {} } : readWakes(calls, loop, wake);
}

/**
 * The main thread closes its loop itself: nobody may call into Deno once it is going, and an exception that is not
 * caught ends it without an 'exit'. A worker's is closed by the shim when its thread ends: no event of JavaScript tells
 * of every end.
 */
function closedAtExit(calls: Calls, port: LoopPort): LoopPort {
  if (isWorker || port.loop < 0) return port;
  const close = () => void calls.loop_close(port.loop);
  process.once("exit", close);
  process.on("uncaughtExceptionMonitor", () => {
    if (process.listenerCount("uncaughtException") === 0) close();
  });
  return port;
}

function readWakes(calls: Calls, loop: number, wake: () => void): LoopPort {
  const socket = new NetSocket({ fd: calls.loop_socket(loop) }).on("data", () => wake()).unref();
  return { loop, setRef: (on) => void (on ? socket.ref() : socket.unref()) };
}

/** Reading must neither ask nor throw where it is not allowed: then nothing is set. */
export function environment(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}

export function open(path: string) {
  try {
    return Deno.dlopen(path, signatures(spell));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    const directory = path.slice(0, path.lastIndexOf("/"));
    const message = `${path} may not be loaded: run Deno with --allow-ffi=${directory}`;
    throw sctpError("ERR_SCTP_PERMISSION", message, error);
  }
}

/** Asks neither the user nor the disk. */
const mayLoad = (path: string) => Deno.permissions.querySync({ name: "ffi", path }).state === "granted";

/** The one this Deno was made for: a look at the process's memory needs every permission. */
export function libc(): Libc {
  return Deno.build.env === "musl" ? "musl" : "glibc";
}

export function libraryOf(symbols: Record<string, unknown>, path: string): Library {
  const calls = callsOf(symbols);
  return { calls, path, openLoop: (wake) => openLoop(calls, wake) };
}

/** Deno's error does not say which permission it wants. */
const lookup: Lookup = (host, options, callback) =>
  dnsLookup(host, options, (error, ...found) => {
    if (error?.code === "EPERM") error.message += `: run Deno with --allow-net=${host}`;
    callback(error, ...found);
  });

export const runtime: Runtime = {
  environment,
  lookup,
  warn: (message, code) => process.emitWarning(message, { code }),
  load(stack: Stack, directory?: string): Library {
    // A look beside Deno itself would ask for a permission that no program needs.
    const files = Deno.build.standalone ? [process.execPath] : [];
    const { library, path } = openLibrary(stack, directory, open, { libc, files, mayLoad });
    return libraryOf(library.symbols, path);
  },
};
