/** Back pressure: a large file passes, and nobody keeps it. */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { COMMAND } from "../../helpers/command_line.ts";
import { beside, start } from "../../helpers/programs.ts";

const MEGABYTES = 150;
/** What a process may have at most, in megabytes: half of the file would not fit beside what a runtime takes. */
const LIMIT = 200;

const folder = mkdtempSync(join(tmpdir(), "netsctp-cli-"));
const file = join(folder, "large");
const hash = createHash("sha256");

test.before(() => {
  const descriptor = openSync(file, "w");
  for (let i = 0; i < MEGABYTES; i++) {
    const block = randomBytes(1 << 20);
    hash.update(block);
    writeSync(descriptor, block);
  }
  closeSync(descriptor);
});
test.after(() => rmSync(folder, { recursive: true }));

/** A command line of ours in a shell, which then tells the most memory that it had (VmHWM). */
function measured(args: string[], redirections: string) {
  const command = `'${[...COMMAND, ...args].join("' '")}' ${redirections} & pid=$!
    while [ -e /proc/$pid/status ]; do
      hwm=$(sed -n 's/^VmHWM:[^0-9]*//p' /proc/$pid/status 2>/dev/null) && [ -n "$hwm" ] && last=$hwm
      read -t 0.25 <> <(:)
    done
    wait $pid; echo "status $? peak $last" >&2`;
  return start(["bash", "-c", command]);
}

test(`a file of ${MEGABYTES} MB, to a reader that is slower than the peer`, async () => {
  const received = join(folder, "received");
  // What cannot be compressed keeps gzip busy for seconds.
  await beside(
    measured(["listen", "127.0.0.1:0"], `</dev/null > >(gzip -1 | gunzip > '${received}')`),
    async (listening) => {
      const [, at] = await listening.says(/listening on (\S+)/);
      await beside(measured(["connect", at!], `< '${file}'`), async (sending) => {
        for (const program of [sending, listening]) {
          const [, status, peak] = await program.says(/status (\d+) peak (\d+) kB/);
          assert.is(status, "0", program.text);
          assert.ok(Number(peak) / 1024 < LIMIT, `${Number(peak) / 1024} MB`);
        }
        await listening.ended;
      });
    },
  );
  assert.is(createHash("sha256").update(readFileSync(received)).digest("hex"), hash.digest("hex"));
});

test.run();
