/** Other programs, as peers: starting one, waiting for what it says, ending it. */
import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import process from "node:process";
import { closed, listening } from "./pair.ts";

export interface Ending {
  /** Null when a signal ended it. */
  code: number | null;
  signal: string | null;
}

// So that a failure shows what was said instead; no test depends on it.
const SAYS_LIMIT_MS = 60_000;

/** Those that still run; they must not outlive this process. */
const running = new Set<Program>();
process.on("exit", () => running.forEach((program) => program.kill("SIGKILL")));

export class Program {
  readonly #child;
  readonly #command: string;
  readonly #stdout: Buffer[] = [];
  #text = "";
  #read = 0;
  #hasEnded = false;
  #look: (() => void) | undefined;
  /** Resolves when it has ended and all of its output is here. */
  readonly ended: Promise<Ending>;

  constructor([file, ...args]: string[], env: Record<string, string | undefined> = {}) {
    this.#command = [file, ...args].join(" ");
    // Line by line, though it writes to a pipe; stdbuf becomes the program, so that the pid is the program's.
    this.#child = spawn("stdbuf", ["-oL", file!, ...args], { env: { ...process.env, ...env } });
    running.add(this);
    this.#child.stdin.on("error", () => {}); // it ended before it had read all; its ending says so
    this.#child.stdout.on("data", (chunk: Buffer) => {
      this.#stdout.push(chunk);
      this.#take(chunk);
    });
    this.#child.stderr.on("data", (chunk: Buffer) => this.#take(chunk));
    this.#child.on("error", (error) => this.#take(Buffer.from(error.message)));
    this.ended = new Promise((resolve) =>
      this.#child.on("close", (code, signal) => {
        this.#hasEnded = true;
        running.delete(this);
        this.#look?.();
        resolve({ code, signal });
      })
    );
  }

  #take(chunk: Buffer): void {
    this.#text += chunk.toString("latin1");
    this.#look?.();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** All it has written so far, to both outputs. */
  get text(): string {
    return this.#text;
  }

  /** What it has written to its standard output. */
  get stdout(): Buffer {
    return Buffer.concat(this.#stdout);
  }

  /** Waits for the next text of that form, behind what was waited for before. One at a time. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const limit = setTimeout(() => {
        isLate = true;
        this.#look?.();
      }, SAYS_LIMIT_MS);
      this.#look = () => {
        const found = pattern.exec(this.#text.slice(this.#read));
        if (!found && !this.#hasEnded && !isLate) return;
        this.#look = undefined;
        clearTimeout(limit);
        if (!found) return reject(this.#failure(`${isLate ? "did" : "ended and did"} not say ${pattern}`));
        this.#read += found.index + found[0].length;
        resolve(found);
      };
      this.#look();
    });
  }

  /** Waits for its end, which has to be a success. */
  async succeeds(): Promise<void> {
    const { code, signal } = await this.ended;
    if (code !== 0) throw this.#failure(`ended with ${signal ?? `status ${code}`}`);
  }

  #failure(problem: string): Error {
    return new Error(`${this.#command}: ${problem}; it said:\n${this.#text.slice(-4000)}`);
  }

  /** Types into it. */
  write(input: string | Buffer): void {
    this.#child.stdin.write(input);
  }

  /** Ends its input. */
  end(input?: string | Buffer): void {
    if (input === undefined) this.#child.stdin.end();
    else this.#child.stdin.end(input);
  }

  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || this.#hasEnded || exitCode !== null || signalCode !== null) return;
    try {
      process.kill(pid, signal); // not the child's own kill(): on Deno that sends one signal at most
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error; // it has just ended
    }
  }

  /** Ends it, unless it has ended already, and waits until it has. */
  async stop(): Promise<void> {
    this.kill("SIGKILL");
    await this.ended;
  }
}

export function start(command: string[], env?: Record<string, string | undefined>): Program {
  return new Program(command, env);
}

/** Runs a body beside a program, and ends that whatever happens. */
export async function beside<T>(program: Program, body: (program: Program) => Promise<T>): Promise<T> {
  try {
    return await body(program);
  } finally {
    await program.stop();
  }
}

/** An SCTP port that nobody has, for programs that cannot choose one. */
export async function freePort(host = "127.0.0.1"): Promise<number> {
  const server = await listening({}, host);
  const { port } = server.address()!;
  await closed(server);
  return port;
}
