/** Where the shared object of a stack may be, and what to say when it is not. */
import { sctpError } from "../core/errors.ts";
import type { Stack } from "../core/native.ts";

/**
 * Opens the first of the places where the library may be.
 *
 * @param directory NETSCTP_LIBRARY: the only place then
 * @param open loads one file, or throws
 * @throws ERR_SCTP_PERMISSION as `open` does
 * @throws ERR_SCTP_NO_LIBRARY naming every place and what was wrong with it
 */
export function openLibrary<T>(
  stack: Stack,
  directory: string | undefined,
  open: (path: string) => T,
): { library: T; path: string } {
  const tried: string[] = [];
  for (const path of candidates(stack, directory)) {
    try {
      return { library: open(path), path };
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCTP_PERMISSION") throw error;
      tried.push(`${path}: ${(error as Error).message}`);
    }
  }
  const cure = directory
    ? "NETSCTP_LIBRARY must name the directory that holds it"
    : "Build it (npm run build), or set NETSCTP_LIBRARY to the directory that holds it";
  throw sctpError(
    "ERR_SCTP_NO_LIBRARY",
    `The library of the ${stack} stack could not be loaded. ${cure}. Tried ${tried.join("; ")}`,
  );
}

function candidates(stack: Stack, directory: string | undefined): string[] {
  const file = `netsctp_${stack}.so`;
  if (directory) return [`${directory}/${file}`];
  // The same from runtimes/ in the sources and from dist/ in the package.
  return [decodeURIComponent(new URL(`../build/${file}`, import.meta.url).pathname)];
}
