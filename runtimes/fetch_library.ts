/**
 * Deno, where the library is not on this machine: a release's file, fetched by @denosaurs/plug, and kept in Deno's
 * cache. Plug's own `dlopen()` would run what it has fetched before anyone could look at it; so it only downloads here,
 * and nothing is loaded that has not the checksum in prebuilt.gen.ts (docs/decisions/0019-fetched-library.md).
 */
import { Buffer } from "node:buffer";
import { sctpError } from "../core/errors.ts";
import type { Stack } from "../core/shim/native.ts";
import { type Libc, prebuiltName } from "./library_places.ts";
import { PREBUILT } from "./prebuilt.gen.ts";

/** What is used of plug, as its documentation has it. */
interface Plug {
  /** Puts the file of that URL into `location`, under a name of plug's own, and tells its path. */
  download(options: { url: string; location: string; cache: "reloadAll" }): Promise<string>;
}

const RELEASES = "https://github.com/netsctp/netsctp/releases/download";
const BY_HAND = "To do without: libraryPath or NETSCTP_LIBRARY names a directory that holds netsctp_";

type Environment = (name: string) => string | undefined;

/**
 * The path of a stack's library, which is fetched unless it has been.
 *
 * @throws ERR_SCTP_NO_LIBRARY where there is none for this machine
 * @throws ERR_SCTP_FETCH, ERR_SCTP_CHECKSUM, ERR_SCTP_PERMISSION
 */
export async function fetchLibrary(stack: Stack, libc: Libc, environment: Environment): Promise<string> {
  const file = fileFor(stack, libc);
  const { sha256 } = PREBUILT.files[file]!;
  const base = environment("NETSCTP_LIBRARY_URL") ?? `${RELEASES}/v${PREBUILT.version}`;
  const url = `${base.replace(/\/+$/, "")}/${file}`;
  try {
    const folder = `${cacheOfDeno(environment)}/netsctp/${PREBUILT.version}`;
    const kept = `${folder}/${file}`;
    if (await checksum(kept) !== sha256) await fetchInto(folder, url, kept, sha256);
    return kept;
  } catch (error) {
    throw explained(error as Error, stack, url);
  }
}

function fileFor(stack: Stack, libc: Libc): string {
  const { os, target } = Deno.build;
  const file = prebuiltName(stack, libc);
  if (os === "linux" && Object.hasOwn(PREBUILT.files, file)) return file;
  throw sctpError(
    "ERR_SCTP_NO_LIBRARY",
    `There is no prebuilt library of the ${stack} stack for ${target}: only for Linux on x64 and arm64. ` +
      "Where it can be built from source (npm run build), libraryPath or NETSCTP_LIBRARY names its directory",
  );
}

/** Deno's cache, as Deno itself finds it on Linux. */
function cacheOfDeno(environment: Environment): string {
  const own = environment("DENO_DIR");
  if (own) return own.startsWith("/") ? own : `${Deno.cwd()}/${own}`;
  const cache = environment("XDG_CACHE_HOME");
  if (cache) return `${cache}/deno`;
  const home = environment("HOME");
  if (home) return `${home}/.cache/deno`;
  throw new Deno.errors.NotCapable(
    "the environment names Deno's cache directory: run again with --allow-env=DENO_DIR,XDG_CACHE_HOME,HOME",
  );
}

/** Of a file; undefined where there is none. */
async function checksum(path: string): Promise<string | undefined> {
  try {
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
    return Buffer.from(digest).toString("hex");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/**
 * Fetches into a folder of its own, and moves the file to its place once it is found right: what others have loaded
 * from there stays whole, and of two processes at once neither sees half a file.
 */
async function fetchInto(folder: string, url: string, kept: string, sha256: string): Promise<void> {
  const { download } = await import("@denosaurs/plug") as Plug;
  await Deno.mkdir(folder, { recursive: true });
  const location = await Deno.makeTempDir({ dir: folder });
  try {
    const fetched = await download({ url, location, cache: "reloadAll" });
    const found = await checksum(fetched);
    if (found !== sha256) {
      throw sctpError(
        "ERR_SCTP_CHECKSUM",
        `${url} is not the library that belongs to this version: its SHA-256 is ${found}, not ${sha256}. It was not ` +
          `loaded, and is not kept. If a proxy or NETSCTP_LIBRARY_URL gives another file, correct that`,
      );
    }
    await Deno.rename(fetched, kept);
  } finally {
    await Deno.remove(location, { recursive: true });
  }
}

function explained(error: Error, stack: Stack, url: string): Error {
  if ("code" in error && /^ERR_SCTP_/.test(String(error.code))) return error;
  const byHand = `${BY_HAND}${stack}.so`;
  if (error instanceof Deno.errors.NotCapable) {
    const message = `The library of the ${stack} stack may not be fetched: ${error.message}. ${byHand}`;
    return sctpError("ERR_SCTP_PERMISSION", message, error);
  }
  // fetch() itself says no more than that it failed.
  const reason = error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
  return sctpError("ERR_SCTP_FETCH", `${url} could not be fetched: ${reason}. ${byHand}`, error);
}
