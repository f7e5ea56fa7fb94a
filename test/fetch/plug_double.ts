/**
 * Stands in for @denosaurs/plug 1.1.0 and keeps its contract, as its README and the documentation of its `download()`,
 * `dlopen()` and `FetchOptions` have it:
 *
 * - `download(options)` resolves to the path of the file in a cache, `dlopen(options, symbols)` opens that.
 * - `options` is a URL, or an object with `url`, `location` (a folder; by default `plug` in Deno's own cache) and
 *   `cache`: "use" what is there (the default), "only" that, or "reloadAll".
 * - In the cache, a file is `<protocol>/<host>_PORT<port>/<SHA-256 of path and query>.<extension>`, with a
 *   `.metadata.json` beside it.
 * - A download is told on the standard output. What is missing rejects with "Could not find URL", another status with
 *   Deno.errors.Http, and everything else as `fetch()` and the file system do. Nothing is verified.
 *
 * An option that nobody here uses is refused, so that nobody comes to use it without a word here.
 */
import { Buffer } from "node:buffer";

interface Options {
  url: string | URL;
  location?: string;
  cache?: "use" | "only" | "reloadAll";
}

const KNOWN = ["url", "location", "cache"];

async function nameOf(url: URL): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(url.pathname + url.search));
  const host = url.port ? `${url.hostname}_PORT${url.port}` : url.hostname;
  return `${url.protocol.slice(0, -1)}/${host}/${Buffer.from(digest).toString("hex")}`;
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.lstat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

export async function download(given: string | URL | Options): Promise<string> {
  const options: Options = typeof given === "string" || given instanceof URL ? { url: given } : given;
  const unknown = Object.keys(options).filter((name) => !KNOWN.includes(name));
  if (unknown.length > 0) throw new TypeError(`the double does not know ${unknown}`);
  const url = new URL(options.url);
  const location = options.location ?? `${Deno.env.get("DENO_DIR")}/plug`;
  const base = `${location}/${await nameOf(url)}`;
  const path = `${base}${/\.\w+$/.exec(url.pathname)?.[0] ?? ""}`;
  const { cache = "use" } = options;
  await Deno.mkdir(base.slice(0, base.lastIndexOf("/")), { recursive: true });
  if (cache === "reloadAll" || (cache === "use" && !await isFile(path))) {
    console.log(`Downloading ${url}`);
    const response = await fetch(url);
    if (response.status === 404) throw new Error(`Could not find ${url}`);
    if (!response.ok) throw new Deno.errors.Http(`${response.status} ${response.statusText}`);
    await Deno.writeFile(path, new Uint8Array(await response.arrayBuffer()));
    await Deno.writeTextFile(`${base}.metadata.json`, JSON.stringify({ url }));
  }
  if (!await isFile(path)) throw new Error(`Could not find "${url}" in cache.`);
  return path;
}

export async function dlopen<S extends Deno.ForeignLibraryInterface>(
  options: string | URL | Options,
  symbols: S,
): Promise<Deno.DynamicLibrary<S>> {
  return Deno.dlopen(await download(options), symbols);
}
