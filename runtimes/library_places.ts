/** Where the library of a stack may lie: in the package, beside a bundle, or in the package that a bundle was made of. */
import { existsSync } from "node:fs";
import { dirname, isAbsolute } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Stack } from "../core/shim/native.ts";

export type Libc = "glibc" | "musl";

/** A program of `deno compile` names its modules by a temporary folder, which is anybody's to make. */
const { Deno } = globalThis as { Deno?: { build: { standalone?: boolean } } };

/** This module's file, unless a bundler has left that out or the module came over HTTP. */
const here = !Deno?.build.standalone && (import.meta.url as string | undefined)?.startsWith("file:")
  ? fileURLToPath(import.meta.url)
  : undefined;

/** The package's folder, unless this module is in a bundle: the build and the sources lie equally deep in it. */
const ownPackage = here && /\/(dist\/mod\.c?js|runtimes\/\w+\.ts)$/.test(here)
  ? dirname(dirname(here))
  : undefined;

/** The name of a prebuilt library for this processor; c/prebuilt.mk says for which there is one. */
export function prebuiltName(stack: Stack, libc: Libc): string {
  return `netsctp_${stack}-linux-${process.arch}-${libc}.so`;
}

/**
 * The files to try, in this order; some may come twice. A folder that is given by hand is the only one, and may hold
 * either kind. What was built here comes before what the package has.
 *
 * @param filesOfProgram beside which a library may lie, besides this module
 */
export function* placesOf(
  stack: Stack,
  directory: string | undefined,
  libc: Libc | undefined,
  filesOfProgram: Array<string | undefined>,
): Generator<string, void> {
  const built = `netsctp_${stack}.so`;
  const prebuilt = libc ? [prebuiltName(stack, libc)] : [];
  const inFolder = (folder: string) => [built, ...prebuilt].map((name) => `${folder}/${name}`);
  if (directory) return yield* inFolder(directory);

  const inPrebuilt = (folder: string) => prebuilt.map((name) => `${folder}/prebuilt/${name}`);
  const inPackage = (folder: string) => [`${folder}/build/${built}`, ...inPrebuilt(folder)];
  // Of a bundle the folders around are not ours: anybody may have put a library there.
  if (ownPackage) yield* inPackage(ownPackage);
  const files = [here, ...filesOfProgram].filter((file) => file !== undefined && isAbsolute(file));
  const folders = files.map((file) => dirname(file!));
  yield* folders.flatMap((folder) => [...inFolder(folder), ...inPrebuilt(folder)]);
  yield* installed(folders).flatMap(inPackage);
}

/** These files, those first that are most likely there: in what npm installs nobody has built anything. */
export function likeliestFirst(places: string[]): string[] {
  if (!here?.startsWith(`${ownPackage}/dist/`)) return places;
  const isPrebuilt = (path: string) => path.startsWith(`${ownPackage}/prebuilt/`);
  return [...places.filter(isPrebuilt), ...places.filter((path) => !isPrebuilt(path))];
}

/** What to do where none of these files is there. */
export function cureFor(stack: Stack, libc: Libc | undefined): string {
  // A bundle of webpack's keeps the paths of the machine that made it.
  if (ownPackage && isThere(ownPackage) !== false) {
    return `Build it (make -C ${ownPackage}/c), or set libraryPath or NETSCTP_LIBRARY to the directory that holds it`;
  }
  const file = libc ? `prebuilt/${prebuiltName(stack, libc)}` : "the library of this platform from prebuilt/";
  return `netsctp is inside a bundle here, without the files of its package. Copy ${file} of the package to beside the ` +
    "bundle or the executable, or keep netsctp out of the bundle (external), or set libraryPath or NETSCTP_LIBRARY to " +
    "the directory that holds it. docs/bundling.md has a recipe for each bundler";
}

/** The package where a program in one of these folders would find it. */
function installed(folders: string[]): string[] {
  return folders.flatMap((folder) => ancestors(folder)).map((folder) => `${folder}/node_modules/netsctp`)
    .filter((folder) => isThere(folder));
}

/** Undefined where that may not be found out: under Node's --permission, and on Deno, which may ask the user. */
function isThere(folder: string): boolean | undefined {
  try {
    return process.versions.deno ? undefined : existsSync(folder);
  } catch {
    return undefined;
  }
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? ["/"] : [folder, ...ancestors(parent)];
}
