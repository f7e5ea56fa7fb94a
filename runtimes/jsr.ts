/** The JSR package's runtime: Deno, which fetches the library, as JSR carries none. */
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import type { Runtime } from "../core/shim/native.ts";
import { environment, libc, libraryOf, open, runtime as deno } from "./deno.ts";
import { fetchLibrary } from "./fetch_library.ts";

if (!process.versions.deno) {
  const message =
    "The JSR package @netsctp/sctp is for Deno. For Node and Bun install the npm package netsctp";
  throw sctpError("ERR_SCTP_UNAVAILABLE", message);
}

function openFetched(path: string) {
  try {
    return open(path);
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_SCTP_PERMISSION") throw error;
    const message = `${path} was fetched, and cannot be loaded: ${(error as Error).message}`;
    throw sctpError("ERR_SCTP_NO_LIBRARY", message, error);
  }
}

export const runtime: Runtime = {
  ...deno,
  async fetch(stack) {
    const path = await fetchLibrary(stack, libc(), environment);
    return libraryOf(openFetched(path).symbols, path);
  },
};
