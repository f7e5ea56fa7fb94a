/** Large transfers in both directions at once: all of it arrives, or neither end says that it went well. */
import type { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stack } from "../../helpers/capabilities.ts";
import { COMMAND } from "../../helpers/command_line.ts";
import { beside, type Program, start } from "../../helpers/programs.ts";

const BYTES = 10_000_000;
/** Of silence, until an end hangs up: longer than a slow machine's pause in a transfer. */
const WAIT_MS = 3000;

const folder = mkdtempSync(join(tmpdir(), "netsctp-cli-"));
const path = (name: string) => join(folder, name);
const contents = { up: randomBytes(BYTES), down: randomBytes(BYTES) };

test.before(() => {
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(path(name), bytes);
});
test.after(() => rmSync(folder, { recursive: true }));

type End = "listen" | "connect";

interface Plan {
  /** Whose reader takes nothing before it is let. */
  held?: End[];
  /** And for how many milliseconds after that. */
  late?: number;
  /** Whose reader goes away after a few bytes. */
  leaving?: End;
  options?: string[];
}

interface Transfer extends Record<End, Program> {
  /** Lets a reader that is held go on. */
  release(which: End): void;
}

/** What a shell's command waits at: a FIFO, which is open at this end from the beginning. */
class Gate {
  readonly #path: string;
  readonly #fd: number;

  constructor(name: string) {
    this.#path = path(name);
    execFileSync("mkfifo", [this.#path]);
    this.#fd = openSync(this.#path, "r+");
  }

  get command(): string {
    return `read -r < '${this.#path}';`;
  }

  open(): void {
    writeSync(this.#fd, "\n");
  }

  /** Who still waits goes on, too. */
  close(): void {
    closeSync(this.#fd);
    rmSync(this.#path);
  }
}

/** Each end has a file to send, and a file for what comes. Its program is the shell's, and so is its exit code. */
async function transferring(
  { held = [], late = 0, leaving, options = [] }: Plan,
  body: (transfer: Transfer) => Promise<void>,
): Promise<void> {
  const gates = Object.fromEntries(held.map((which) => [which, new Gate(`${which}-gate`)]));
  const begin = (which: End, args: string[], from: string, to: string) => {
    const gate = gates[which];
    const wait = gate ? `${gate.command} sleep ${late / 1000};` : "";
    const reader = which === leaving
      ? "head -c 1000 > /dev/null"
      : `${wait} head -c ${BYTES} > '${path(to)}'; echo complete >&2; cat >> '${path(to)}'`;
    const words = `'${[...COMMAND, which, ...args, ...options].join("' '")}'`;
    return start(["bash", "-c", `exec ${words} < '${path(from)}' > >(${reader})`]);
  };
  const release = (which: End) => gates[which]!.open();
  try {
    await beside(begin("listen", ["127.0.0.1:0"], "down", "from-up"), async (listen) => {
      const [, at] = await listen.says(/listening on (\S+)/);
      await beside(
        begin("connect", [at!], "up", "from-down"),
        (connect) => body({ listen, connect, release }),
      );
    });
  } finally {
    Object.values(gates).forEach((gate) => gate.close());
  }
}

/** Exit codes of both, once both have ended. */
async function codes({ listen, connect }: Transfer): Promise<(number | null)[]> {
  return [(await listen.ended).code, (await connect.ended).code];
}

const other = (which: End): End => which === "listen" ? "connect" : "listen";

function arrived(file: string, sent: Buffer): void {
  assert.ok(readFileSync(path(file)).equals(sent), `${file}: not what was sent`);
}

for (const held of [[], ["listen"], ["connect"], ["listen", "connect"]] as End[][]) {
  const slow = held.length > 0 ? `, what ${held.join(" and ")} prints is read late` : "";
  test(`both ways${slow}: all arrives, both end with 0`, async () => {
    // Over before a reader goes on.
    const late = 1.1 * WAIT_MS;
    await transferring({ held, late, options: ["--wait", `${WAIT_MS}ms`] }, async (transfer) => {
      if (held.length === 1) await transfer[other(held[0]!)].says(/complete/);
      held.forEach(transfer.release);
      assert.equal(await codes(transfer), [0, 0], transfer.listen.text + transfer.connect.text);
      arrived("from-up", contents.up);
      arrived("from-down", contents.down);
    });
  });
}

test("an end that does not wait cuts the other off: that one says so, and so does this one once it is told", async () => {
  await transferring({ held: ["connect"], options: ["--wait", "0"] }, async (transfer) => {
    await transfer.listen.says(/complete/);
    assert.is((await transfer.listen.ended).code, 5, transfer.listen.text);
    transfer.release("connect");
    const { code } = await transfer.connect.ended;
    // The kernels may have completed the end that it asked for before the other program noticed: it wanted no more.
    const isDone = stack === "kernel" && code === 0 && transfer.connect.text.includes("ended by us");
    assert.ok(code === 5 || isDone, `${code}\n${transfer.connect.text}`);
    const got = readFileSync(path("from-down"));
    assert.ok(got.equals(contents.down.subarray(0, got.length)), "what was printed is not what was sent");
    assert.ok(got.length < BYTES);
  });
});

for (const which of ["listen", "connect"] as const) {
  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    test(`${signal} to ${which} meanwhile: the other end is told that something is missing`, async () => {
      await transferring({ held: ["listen", "connect"] }, async (transfer) => {
        await Promise.all([transfer.listen.says(/connected to/), transfer.connect.says(/connected to/)]);
        transfer[which].kill(signal);
        transfer.release("listen");
        transfer.release("connect");
        assert.is((await transfer[which].ended).code, code, transfer[which].text);
        assert.is((await transfer[other(which)].ended).code, 5, transfer[other(which)].text);
      });
    });
  }

  test(`${which} is killed meanwhile: the other end is told that something is missing`, async () => {
    await transferring({ held: ["listen", "connect"] }, async (transfer) => {
      await Promise.all([transfer.listen.says(/connected to/), transfer.connect.says(/connected to/)]);
      transfer[which].kill("SIGKILL");
      transfer.release("listen");
      transfer.release("connect");
      assert.is((await transfer[which].ended).signal, "SIGKILL", transfer[which].text);
      assert.is((await transfer[other(which)].ended).code, 5, transfer[other(which)].text);
    });
  });

  test(`the reader of ${which} goes away: the other end is told that something is missing`, async () => {
    await transferring({ leaving: which }, async (transfer) => {
      assert.is((await transfer[which].ended).code, 141, transfer[which].text);
      assert.is((await transfer[other(which)].ended).code, 5, transfer[other(which)].text);
    });
  });
}

test.run();
