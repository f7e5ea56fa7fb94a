/** Where the shared object of a stack may be, and what to say when it is not. */
import { readFileSync } from "node:fs";
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import type { Stack } from "../core/native.ts";

export type Libc = "glibc" | "musl";

/** Beside a module of JSR's there are no libraries. */
const isFile = import.meta.url.startsWith("file:");

/**
 * Opens the first of the places where the library may be.
 *
 * @param directory the only place then
 * @param open loads one file, or throws
 * @param libc says which C library this process has, for runtimes that may not look at its memory
 * @throws ERR_SCTP_PERMISSION as `open` does
 * @throws ERR_SCTP_NO_LIBRARY naming every place and what was wrong with it
 */
export function openLibrary<T>(
  stack: Stack,
  directory: string | undefined,
  open: (path: string) => T,
  libc: () => Libc | undefined = mappedLibc,
): { library: T; path: string } {
  const tried: string[] = [];
  for (const path of candidates(stack, directory, libc())) {
    try {
      return { library: open(path), path };
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCTP_PERMISSION") throw error;
      const { message } = error as Error;
      tried.push(message.startsWith(path) ? message : `${path}: ${message}`);
    }
  }
  const cure = directory
    ? "libraryPath or NETSCTP_LIBRARY must name the directory that holds it"
    : (isFile ? `Build it (make -C ${besideModule("c")}), or set ` : "Set ") +
      "libraryPath or NETSCTP_LIBRARY to the directory that holds it";
  throw sctpError(
    "ERR_SCTP_NO_LIBRARY",
    `The library of the ${stack} stack could not be loaded. ${cure}. Tried ${tried.join("; ") || "no place"}`,
  );
}

/** What was built here comes first. A folder given by hand may hold that or what a release has. */
function candidates(stack: Stack, directory: string | undefined, libc: Libc | undefined): string[] {
  const built = `netsctp_${stack}.so`;
  const prebuilt = libc && prebuiltName(stack, libc);
  if (!directory && !isFile) return [];
  return [
    `${directory || besideModule("build")}/${built}`,
    ...prebuilt ? [`${directory || besideModule("prebuilt")}/${prebuilt}`] : [],
  ];
}

/** The name of a prebuilt library for this processor; c/prebuilt.mk says for which there is one. */
export function prebuiltName(stack: Stack, libc: Libc): string {
  return `netsctp_${stack}-linux-${process.arch}-${libc}.so`;
}

/** The same from runtimes/ in the sources and from dist/ in the package. */
function besideModule(folder: string): string {
  return decodeURIComponent(new URL(`../${folder}`, import.meta.url).pathname);
}

/**
 * The C library that this process runs on: the one that is mapped into it. What lies on the disk says little (a system
 * may have both), nor does the executable's loader where a shim stands in for glibc's. Trying is no way either: musl
 * takes every libc.so.6 for itself, and a library of glibc's then loads if musl happens to have all it asks for.
 */
function mappedLibc(): Libc | undefined {
  let maps: string;
  try {
    maps = readFileSync("/proc/self/maps", "latin1");
  } catch {
    return undefined; // no /proc: only what was built here
  }
  return libcIn(maps);
}

/** What the lines of /proc/PID/maps say. musl is its own loader, and its file is named either way. */
export function libcIn(maps: string): Libc | undefined {
  const replaced = "( \\(deleted\\))?$"; // on the disk, by an update, since the process began
  if (new RegExp(`/(ld-musl-[\\w.-]+|libc\\.musl-[\\w.-]+|libc\\.so)${replaced}`, "m").test(maps)) {
    return "musl";
  }
  if (new RegExp(`/libc(\\.so\\.6|-2\\.\\d+\\.so)${replaced}`, "m").test(maps)) return "glibc";
  return undefined;
}
