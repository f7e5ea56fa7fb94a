/** Where the shared object of a stack may be, and what to say when it is not. */
import { closeSync, openSync, readFileSync } from "node:fs";
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import type { Stack } from "../core/native.ts";

export type Libc = "glibc" | "musl";

/** What a runtime knows of its own process. */
export interface OwnProcess {
  /** Which C library it has. */
  libc(): Libc | undefined;
  /** The file beside which a library may lie; undefined where that is the runtime, which no program is packed into. */
  executable: string | undefined;
}

/** Where this module is, unless a bundler has left that out; beside one of JSR's there are no libraries. */
const here = (import.meta.url as string | undefined)?.startsWith("file:") ? import.meta.url : undefined;

/**
 * Opens the first of the places where the library may be.
 *
 * @param directory the only place then
 * @param open loads one file, or throws
 * @param ownProcess from the runtime where it knows more than Node's API tells
 * @throws ERR_SCTP_UNAVAILABLE on another system than Linux
 * @throws ERR_SCTP_PERMISSION as `open` does
 * @throws EMFILE, ENFILE where no descriptor is left to read it by
 * @throws ERR_SCTP_NO_LIBRARY naming every place and what was wrong with it
 */
export function openLibrary<T>(
  stack: Stack,
  directory: string | undefined,
  open: (path: string) => T,
  ownProcess: OwnProcess = { libc: libcOfProcess, executable: process.execPath },
): { library: T; path: string } {
  if (process.platform !== "linux") {
    const message =
      "netsctp has SCTP on Linux only (x64 and arm64; other processors build it from source), and this is " +
      `${process.platform}-${process.arch}. It installs here, so that programs can do without; SCTP needs Linux, ` +
      "or a container or virtual machine with it";
    throw sctpError("ERR_SCTP_UNAVAILABLE", message);
  }
  const tried: string[] = [];
  const libc = ownProcess.libc();
  for (const path of candidates(stack, directory, libc, ownProcess.executable)) {
    try {
      return { library: open(path), path };
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCTP_PERMISSION") throw error;
      throwIfFull(path);
      const { message } = error as Error;
      tried.push(message.startsWith(path) ? message : `${path}: ${message}`);
    }
  }
  const cure = directory
    ? "libraryPath or NETSCTP_LIBRARY must name the directory that holds it"
    : curesFor(libc);
  throw sctpError(
    "ERR_SCTP_NO_LIBRARY",
    `The library of the ${stack} stack could not be loaded. ${cure}. Tried ${tried.join("; ") || "no place"}`,
  );
}

/** What loads a library says why it failed in its text alone. So this tries the same. */
function throwIfFull(path: string): void {
  try {
    closeSync(openSync(path, "r"));
  } catch (error) {
    if (["EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code!)) throw error;
  }
}

function curesFor(libc: Libc | undefined): string {
  const build = here === undefined ? "Set" : `Build it (make -C ${besideModule("../c")}), or set`;
  const cure =
    `${build} libraryPath or NETSCTP_LIBRARY to the directory that holds it, or in a bundled program ` +
    "put it beside the bundle or the executable";
  const unknown =
    "Whether this process uses glibc or musl cannot be seen, as /proc/self/maps cannot be read, so no " +
    "prebuilt library was tried";
  return libc === undefined ? `${cure}. ${unknown}` : cure;
}

/**
 * What was built here comes first, then the package's, then what lies beside a bundle or an executable. A folder given
 * by hand may hold either.
 */
function candidates(
  stack: Stack,
  directory: string | undefined,
  libc: Libc | undefined,
  executable: string | undefined,
): string[] {
  const built = `netsctp_${stack}.so`;
  const prebuilt = libc && prebuiltName(stack, libc);
  const either = (folder: string) => [`${folder}/${built}`, ...prebuilt ? [`${folder}/${prebuilt}`] : []];
  if (directory) return either(directory);
  const ofPackage = () => [
    `${besideModule("../build")}/${built}`,
    ...prebuilt ? [`${besideModule("../prebuilt")}/${prebuilt}`] : [],
  ];
  return [
    ...here ? [...ofPackage(), ...either(besideModule("."))] : [],
    ...executable ? either(executable.slice(0, executable.lastIndexOf("/"))) : [],
  ];
}

/** The name of a prebuilt library for this processor; c/prebuilt.mk says for which there is one. */
export function prebuiltName(stack: Stack, libc: Libc): string {
  return `netsctp_${stack}-linux-${process.arch}-${libc}.so`;
}

/** The same from runtimes/ in the sources and from dist/ in the package. */
function besideModule(folder: string): string {
  return decodeURIComponent(new URL(folder, here).pathname).replace(/\/$/, "");
}

/**
 * The C library that this process runs on: the one that is mapped into it. What lies on the disk says little (a system
 * may have both), nor does the executable's loader where a shim stands in for glibc's. Trying is no way either: musl
 * takes every libc.so.6 for itself, and a library of glibc's then loads if musl happens to have all it asks for.
 */
function libcOfProcess(): Libc | undefined {
  try {
    return libcIn(readFileSync("/proc/self/maps", "latin1"));
  } catch {
    return libcInReport(); // no /proc, or not to be read, as under Node's --permission
  }
}

/** The same from the process's report, which takes longer to write. */
function libcInReport(): Libc | undefined {
  const { report } = process;
  if (!report) return undefined;
  const { header, sharedObjects } = report.getReport() as unknown as {
    header: { glibcVersionRuntime?: string };
    sharedObjects: string[];
  };
  return libcIn(sharedObjects.join("\n")) ?? (header.glibcVersionRuntime ? "glibc" : undefined);
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
