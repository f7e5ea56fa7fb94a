/**
 * Bun: the shim through `bun:ffi`. As on Deno, the kernel waits for the shim's
 * epoll descriptor and writes a byte to a socket that Bun reads, and where it
 * may not, a thread of the shim's does both (docs/decisions/0020-bun.md).
 */
import type * as ffi from "bun:ffi";
import process from "node:process";
import {
  type Calls,
  type Library,
  type LoopPort,
  type Runtime,
  type Stack,
  WAKE,
} from "../core/shim/native.ts";
import { callsOf, type Kind, signatures, type SymbolShape } from "../core/shim/symbols.ts";
import { openLibrary } from "./library_path.ts";

const KINDS = { u32: "u32", i32: "i32", bytes: "ptr", wake: "ptr" } as const satisfies Record<Kind, string>;

const spell = ({ parameters, result }: SymbolShape) => ({
  args: parameters.map((kind) => KINDS[kind]),
  returns: KINDS[result],
});

function openLoop(calls: Calls, wake: () => void): LoopPort {
  const ring = calls.loop_open(WAKE.RING, null);
  const loop = ring >= 0 ? ring : calls.loop_open(WAKE.SOCKET, null);
  if (loop < 0) return { loop, setRef() {} };
  // The shim learns itself when a worker's thread ends, but not when the process does.
  process.once("exit", () => void calls.loop_close(loop));
  return { loop, setRef: readWakes(calls.loop_socket(loop), wake) };
}

/** Gives what sets whether the socket keeps the process alive; at first it does not. */
function readWakes(fd: number, wake: () => void): LoopPort["setRef"] {
  let socket: Bun.ConnectedSocket | undefined;
  // Not `new Socket({ fd })` of node:net, which Bun does not read from.
  void Bun.connect({ fd, socket: { open: (opened) => void (socket = opened), data: () => wake() } });
  socket!.unref();
  return (on) => (on ? socket!.ref() : socket!.unref());
}

export const runtime: Runtime = {
  acceptsInContextOfListen: true,
  environment: (name) => process.env[name],
  warn: (message, code) => process.emitWarning(message, { code }),
  load(stack: Stack, directory?: string): Library {
    // Not by `import`: the bundle is Node's and Deno's, too.
    const { dlopen } = process.getBuiltinModule("bun:ffi") as unknown as typeof ffi;
    const open = (path: string) => dlopen(path, signatures(spell));
    const { library, path } = openLibrary(stack, directory, open);
    const calls = callsOf(library.symbols);
    return { calls, path, openLoop: (wake) => openLoop(calls, wake) };
  },
};
