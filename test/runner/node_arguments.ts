/** What `test/runner/tsconfig.json` compiles everything to. */
const FOLDER = "build/js";

/** Whether this program is one of those that were compiled. */
export const isCompiled = import.meta.url.endsWith(`/${FOLDER}/test/runner/node_arguments.js`);

/** What was compiled of a file. */
export function compiled(file: string): string {
  return `${FOLDER}/${file.replace(/\.ts$/, ".js")}`;
}

/** Whether a version of Node runs TypeScript itself. */
function isAble(version: string): boolean {
  const [major, minor] = version.split(".").map(Number) as [number, number];
  return major > 22 || (major === 22 && minor >= 18);
}

/** Those that load an adapter's source, which finds the library by where it lies: no compiled copy can. */
const OF_SOURCES = /^test\/native\//;

/** How a version of Node runs a file of ours: itself where it can, else what was compiled of it before. */
export function nodeArguments(version: string, file: string): string[] {
  return isAble(version)
    ? ["--disable-warning=ExperimentalWarning", file]
    : OF_SOURCES.test(file)
    ? ["--import", "tsx", file]
    : ["--enable-source-maps", compiled(file)];
}
