import { spawn } from "node:child_process";

export interface Exit {
  /** Null when a signal ended it. */
  code: number | null;
  signal: string | null;
  timedOut: boolean;
  /** Both output streams as they came, without colours. */
  output: string;
  ms: number;
}

// deno-lint-ignore no-control-regex -- colour sequences start with one
const COLOUR = /\x1b\[[0-9;]*m/g;
const MAX_OUTPUT = 4_000_000;
const MOMENT_MS = 2000;

/** Groups still running; they must not outlive the runner. */
const groups = new Set<number>();
process.on("exit", () => groups.forEach(endGroup));

function endGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // All of the group has ended.
  }
}

/**
 * Runs a command to its end, or to its time limit, with everything it started.
 *
 * @param isEnough told the last of what was printed; once it says yes the command has a moment to end by itself
 */
export function exec(
  command: string[],
  env: Record<string, string | undefined>,
  limitMs: number,
  isEnough: (output: string) => boolean = () => false,
): Promise<Exit> {
  return new Promise((resolve) => {
    const started = performance.now();
    const [file, ...args] = command;
    // A process group of its own: a test that hangs or crashes takes its children with it.
    const child = spawn(file!, args, { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    const leader = child.pid;
    if (leader) groups.add(leader);
    const end = () => {
      if (!leader) return;
      endGroup(leader);
      groups.delete(leader);
    };

    const chunks: Buffer[] = [];
    let size = 0;
    let tail = "";
    let timedOut = false;
    const limit = setTimeout(() => {
      timedOut = true;
      end();
    }, limitMs);
    const collect = (chunk: Buffer) => {
      if (size < MAX_OUTPUT) chunks.push(chunk);
      size += chunk.length;
      tail = (tail + chunk.toString().replace(COLOUR, "")).slice(-1000);
      if (isEnough(tail)) setTimeout(end, MOMENT_MS).unref();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    // A command that could not be started at all closes with a code, too.
    child.on("error", (error) => collect(Buffer.from(`${error.message}\n`)));
    // What outlives it holds the pipes open, and 'close' would wait for that.
    child.on("exit", end);
    child.on("close", (code, signal) => {
      clearTimeout(limit);
      const output = Buffer.concat(chunks).toString().replace(COLOUR, "");
      resolve({ code, signal, timedOut, output, ms: performance.now() - started });
    });
  });
}
