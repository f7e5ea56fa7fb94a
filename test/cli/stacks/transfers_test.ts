/** Large transfers in both directions at once: all of it arrives, or neither end says that it went well. */
import type { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { heldOutput, skip } from "../../helpers/capabilities.ts";
import { COMMAND } from "../../helpers/command_line.ts";
import { beside, type Program, start } from "../../helpers/programs.ts";

const BYTES = 10_000_000;

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
  /** Whose reader goes away after a few bytes. */
  leaving?: End;
  options?: string[];
}

interface Transfer extends Record<End, Program> {
  /** Lets a reader that is held go on. */
  release(which: End): void;
}

/** Each end has a file to send, and a file for what comes. Its program is the shell's, and so is its exit code. */
async function transferring(
  { held = [], leaving, options = [] }: Plan,
  body: (transfer: Transfer) => Promise<void>,
): Promise<void> {
  const gateOf = (which: End) => path(`${which}-gate`);
  for (const which of held) rmSync(gateOf(which), { force: true });
  const begin = (which: End, args: string[], from: string, to: string) => {
    const wait = held.includes(which)
      ? `until [ -e '${gateOf(which)}' ]; do read -rt 0.05 <> <(:); done;`
      : "";
    const reader = which === leaving
      ? "head -c 1000 > /dev/null"
      : `${wait} head -c ${BYTES} > '${path(to)}'; echo complete >&2; cat >> '${path(to)}'`;
    const words = `'${[...COMMAND, which, ...args, ...options].join("' '")}'`;
    return start(["bash", "-c", `exec ${words} < '${path(from)}' > >(${reader})`]);
  };
  const release = (which: End) => void writeFileSync(gateOf(which), "");
  try {
    await beside(begin("listen", ["127.0.0.1:0"], "down", "from-up"), async (listen) => {
      const [, at] = await listen.says(/listening on (\S+)/);
      await beside(
        begin("connect", [at!], "up", "from-down"),
        (connect) => body({ listen, connect, release }),
      );
    });
  } finally {
    held.forEach(release); // a reader outlives its program until then
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
  const name = `both ways${slow}: all arrives, both end with 0`;
  test(name, async () => {
    if (held.length > 0 && heldOutput.reason) return skip(name, heldOutput.reason);
    // Over long before a reader goes on.
    await transferring({ held, options: ["--wait", "200ms"] }, async (transfer) => {
      if (held.length === 1) await transfer[other(held[0]!)].says(/complete/);
      held.forEach(transfer.release);
      assert.equal(await codes(transfer), [0, 0], transfer.listen.text + transfer.connect.text);
      arrived("from-up", contents.up);
      arrived("from-down", contents.down);
    });
  });
}

const CUT_OFF = "an end that does not wait cuts the other off: neither says that all went well";

test(CUT_OFF, async () => {
  if (heldOutput.reason) return skip(CUT_OFF, heldOutput.reason);
  await transferring({ held: ["connect"], options: ["--wait", "0"] }, async (transfer) => {
    await transfer.listen.says(/complete/);
    assert.is((await transfer.listen.ended).code, 5, transfer.listen.text);
    transfer.release("connect");
    assert.is((await transfer.connect.ended).code, 5, transfer.connect.text);
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

  test(`the reader of ${which} goes away: the other end is told that something is missing`, async () => {
    await transferring({ leaving: which }, async (transfer) => {
      assert.is((await transfer[which].ended).code, 141, transfer[which].text);
      assert.is((await transfer[other(which)].ended).code, 5, transfer[other(which)].text);
    });
  });
}

test.run();
