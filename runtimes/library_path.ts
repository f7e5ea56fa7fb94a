/** Opens the shared object of a stack, and says what to do when that fails. */
import { closeSync, openSync, readFileSync } from "node:fs";
import process from "node:process";
import { sctpError } from "../core/errors.ts";
import type { Stack } from "../core/shim/native.ts";
import { cureFor, type Libc, likeliestFirst, placesOf } from "./library_places.ts";

/** What a runtime knows of its own process. */
export interface OwnProcess {
  /** Which C library it has. */
  libc(): Libc | undefined;
  /** The program's main file and executable, beside which a library may lie: not the runtime's, where that can be told. */
  files: Array<string | undefined>;
  /** Whether a file may be loaded, where the user allows some only. */
  mayLoad?(path: string): boolean;
}

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
  ownProcess: OwnProcess = { libc: libcOfProcess, files: [process.argv[1], process.execPath] },
): { library: T; path: string } {
  if (process.platform !== "linux") {
    const message =
      "netsctp has SCTP on Linux only (x64 and arm64; other processors build it from source), and this is " +
      `${process.platform}-${process.arch}. It installs here, so that programs can do without; SCTP needs Linux, ` +
      "or a container or virtual machine with it";
    throw sctpError("ERR_SCTP_UNAVAILABLE", message);
  }
  const tried = new Map<string, string>();
  const libc = ownProcess.libc();
  const places = placesOf(stack, directory, libc, ownProcess.files);
  for (const path of allowedFirst(places, ownProcess.mayLoad)) {
    if (tried.has(path)) continue;
    try {
      return { library: open(path), path };
    } catch (error) {
      if ((error as { code?: string }).code === "ERR_SCTP_PERMISSION") throw error;
      throwIfFull(path, error as Error);
      tried.set(path, reasonOf(path, error as Error));
    }
  }
  const cure = directory
    ? "libraryPath or NETSCTP_LIBRARY must name the directory that holds it"
    : cureFor(stack, libc) + (libc ? "" : UNKNOWN_LIBC);
  const reasons = [...tried].map(([path, reason]) => `${path}: ${reason}`).join("; ");
  throw sctpError(
    "ERR_SCTP_NO_LIBRARY",
    `The library of the ${stack} stack could not be loaded. ${cure}. Tried ${reasons}`,
  );
}

/** Those that are refused come last: for them the user is asked, or told what to allow. */
function* allowedFirst(paths: Iterable<string>, mayLoad = (_path: string) => true): Generator<string, void> {
  const refused: string[] = [];
  for (const path of paths) {
    if (mayLoad(path)) yield path;
    else refused.push(path);
  }
  yield* likeliestFirst(refused);
}

/** What loads a library says why it failed in its text alone. So this tries the same; not always, as Deno may ask. */
function throwIfFull(path: string, { message }: Error): void {
  if (!/too many open files|no file descriptors/i.test(message)) return; // glibc, musl
  try {
    closeSync(openSync(path, "r"));
  } catch (error) {
    if (["EMFILE", "ENFILE"].includes((error as NodeJS.ErrnoException).code!)) throw error;
  }
}

const UNKNOWN_LIBC =
  ". Whether this process uses glibc or musl cannot be seen, as /proc/self/maps cannot be read, so no prebuilt library was tried";

/** The loader's words, without the path and without what goes without saying. */
function reasonOf(path: string, { message }: Error): string {
  if (message.includes(`${path}: cannot open shared object file: No such file`)) return "no such file";
  const reason = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  return /failed to map segment/.test(reason)
    ? `${reason} (is its file system mounted with noexec?)`
    : reason;
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
