/**
 * A place without the library: Deno with an empty cache, and the package's modules come over HTTP, as from JSR, so that
 * no build/ lies beside them. The same server has the releases. Runs on Node: what Deno starts by node:child_process
 * has all permissions if it is a Deno.
 */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { Program } from "../helpers/programs.ts";

const DENO = resolve("node_modules/deno/deno");
const MACHINE = process.arch === "arm64" ? "arm64" : "x64";
const VERSION = "9.9.9";

/** The file of the userspace stack for this machine. */
export const FILE = `netsctp_userspace-linux-${MACHINE}-glibc.so`;
export const library = readFileSync("build/netsctp_userspace.so");

export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export type Flags = Partial<Record<"net" | "env" | "read" | "write" | "ffi", string | false>>;

export interface Ran {
  code: number | null;
  /** The lines of the program; plug's own are left out. */
  lines: string[];
  /** Everything, for messages. */
  text: string;
}

export class Place {
  readonly #directory = mkdtempSync(join(tmpdir(), "netsctp-fetch-"));
  readonly #home = join(this.#directory, "home");
  readonly #server: Server;
  /** What the release has, by name. */
  readonly release = new Map<string, Uint8Array>([[FILE, library]]);
  /** What the checksums are of, by name; a name that is not here has no prebuilt library. */
  readonly table = new Map<string, Uint8Array>([[FILE, library]]);
  /** How many requests for them get a 404 before one is answered. */
  refusals = 0;
  /** Another name of this host, which has the files in its place. */
  redirectsTo: string | undefined;
  /** Names that were asked for. */
  requests: string[] = [];

  private constructor(server: Server) {
    this.#server = server;
    mkdirSync(this.cache, { recursive: true });
  }

  static async open(): Promise<Place> {
    const server = createServer();
    const place = new Place(server);
    server.on("request", (request, response) => {
      const { redirectsTo } = place;
      if (
        redirectsTo !== undefined && request.headers.host === place.host &&
        request.url!.startsWith("/release/")
      ) {
        return void response.writeHead(302, { location: `http://${redirectsTo}${request.url}` }).end();
      }
      const bytes = place.#answer(request.url!);
      if (bytes === undefined) response.writeHead(404).end();
      else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return place;
  }

  #answer(path: string): Uint8Array | undefined {
    if (path.startsWith("/release/")) {
      const name = path.slice("/release/".length);
      this.requests.push(name);
      return this.refusals-- > 0 ? undefined : this.release.get(name);
    }
    if (path === "/checksums.ts") return this.#checksums();
    const file = `.${path}`;
    return /^\.\/(mod|core\/(\w+\/)*\w+(\.gen)?|runtimes\/\w+|test\/fetch\/plug_double)\.ts$/.test(file) &&
        existsSync(file)
      ? readFileSync(file)
      : undefined;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The URL of the library. */
  get url(): string {
    return `http://${this.host}/release/${FILE}`;
  }

  /** Deno's cache, our folder in it, and where the library is kept. */
  get cache(): string {
    return join(this.#home, ".cache", "deno");
  }
  get folder(): string {
    return join(this.cache, "netsctp");
  }
  get kept(): string {
    return join(this.folder, VERSION, FILE);
  }

  /** All that lies where the library is kept. */
  get files(): string[] {
    return existsSync(join(this.cache, "netsctp", VERSION))
      ? readdirSync(join(this.cache, "netsctp", VERSION))
      : [];
  }

  /** In place of prebuilt.gen.ts. */
  #checksums(): Uint8Array {
    const files = [...this.table].map((
      [name, bytes],
    ) => [name, { sha256: sha256(bytes), bytes: bytes.length }]);
    const prebuilt = { version: VERSION, files: Object.fromEntries(files) };
    return Buffer.from(`export const PREBUILT = ${JSON.stringify(prebuilt)};`);
  }

  #importMap(): string {
    const { imports: published } = JSON.parse(readFileSync("deno.json", "utf8"));
    const base = `http://${this.host}`;
    const imports = {
      netsctp: `${base}/mod.ts`,
      "#runtime": new URL(published["#runtime"], `${base}/`).href,
      "@denosaurs/plug": `${base}/test/fetch/plug_double.ts`,
      [`${base}/runtimes/prebuilt.gen.ts`]: `${base}/checksums.ts`,
    };
    const map = join(this.#directory, "import_map.json");
    writeFileSync(map, JSON.stringify({ imports }));
    return map;
  }

  /** What a program needs where the library is fetched; `false` takes one away. */
  #flags(changed: Flags): string[] {
    const { folder } = this;
    const least: Flags = {
      net: this.host,
      env: "DENO_DIR,NETSCTP_LIBRARY_URL,NETSCTP_STACK,NETSCTP_UDP_PORT",
      read: folder,
      write: folder,
      ffi: folder,
    };
    return Object.entries({ ...least, ...changed })
      .filter(([, value]) => value !== false)
      .map(([name, value]) => `--allow-${name}${value ? `=${value}` : ""}`);
  }

  /** Runs one of programs/, to its end. */
  async run(program: string, flags: Flags = {}, env: Record<string, string> = {}): Promise<Ran> {
    const options = ["--no-prompt", "--no-config", "--no-check", `--import-map=${this.#importMap()}`];
    const file = `test/fetch/programs/${program}.ts`;
    const permissions = [`--allow-import=${this.host}`, ...this.#flags(flags)];
    const running = new Program([DENO, "run", ...options, ...permissions, file], {
      HOME: this.#home,
      DENO_DIR: this.cache,
      DENO_NO_PACKAGE_JSON: "1",
      NETSCTP_LIBRARY_URL: `http://${this.host}/release/`,
      ...env,
    });
    const { code } = await running.ended;
    const lines = String(running.stdout).split("\n").filter((line) =>
      line !== "" && !/^Downloading /.test(line)
    );
    return { code, lines, text: running.text };
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
    rmSync(this.#directory, { recursive: true });
  }
}
