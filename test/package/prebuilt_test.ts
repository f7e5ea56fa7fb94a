/** The prebuilt libraries, as files: they come out the same wherever they are built, and ask for nothing unusual. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { build, FILES, read, TABLE, tableOf } from "../../tools/prebuilt.ts";
import { skip } from "../helpers/capabilities.ts";
import { folder } from "../helpers/installed.ts";

const table = readFileSync(TABLE, "utf8");

// One for each processor and each C library: the table is of another folder, too, and has them all.
const AGAIN = ["linux-arm64-musl", "linux-x64-glibc"];

test("built in another folder, they have the same bytes", async () => {
  const copy = join(folder(), "of", "another-length");
  // What is fetched, and nothing that is compiled.
  const fetched = [
    "usrsctp-src",
    ...["lksctp-src", "musl-amd64", "musl-arm64"].map((name) => `native/${name}`),
  ];
  for (const part of ["c", "tools", ...fetched.map((name) => `build/${name}`)]) {
    mkdirSync(dirname(join(copy, part)), { recursive: true });
    cpSync(part, join(copy, part), { recursive: true, verbatimSymlinks: true });
  }
  await build(AGAIN, copy);
  for (const file of FILES.filter((file) => AGAIN.some((target) => file.includes(target)))) {
    const [here, there] = ["prebuilt", join(copy, "prebuilt")].map((where) =>
      readFileSync(join(where, file))
    );
    assert.ok(here!.equals(there!), file);
  }
});

test("they are what the table says", () => {
  const now = tableOf("prebuilt");
  if (read(now).body === read(table).body) return;
  const [then, today] = [read(table).toolchain, read(now).toolchain];
  const differing = today.filter((line) => !then.includes(line));
  if (differing.length > 0) {
    skip(
      "the table's checksums",
      `it was written with other tools than there are here: ${differing.join("; ")}`,
    );
  } else assert.is(now, table, "npm run build:native writes it again");
});

const exported = [...readFileSync("c/sctp_shim.map", "utf8").matchAll(/^ {4}(\w+);$/gm)].map(([, name]) =>
  name!
);

/** The libraries that glibc and musl are, by the names that programs ask for them. */
const NEEDED: Record<string, RegExp> = {
  glibc: /^(libc\.so\.6|libpthread\.so\.0|libdl\.so\.2|ld-linux-x86-64\.so\.2|ld-linux-aarch64\.so\.1)$/,
  musl: /^libc\.so$/,
};

for (const file of FILES) {
  const [, libc] = /-(glibc|musl)\.so$/.exec(file)!;
  const readelf = (...flags: string[]) =>
    execFileSync("readelf", ["--wide", ...flags, join("prebuilt", file)], { encoding: "utf8" });

  test(`${file} exports our functions, and nothing else`, () => {
    const rows = readelf("--dyn-syms").split("\n").map((line) => line.trim().split(/\s+/));
    const defined = rows.filter((row) => /^\d+:$/.test(row[0]!) && row[6] !== "UND" && row[4] !== "LOCAL");
    const names = defined.filter((row) => row[6] !== "ABS").map((row) => row[7]!.replace(/@.*/, ""));
    assert.equal(names.sort(), [...exported].sort());
  });

  test(`${file} needs the C library alone, and no new one`, () => {
    const needed = [...readelf("--dynamic").matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, name]) => name!);
    assert.equal(needed.filter((name) => !NEEDED[libc!]!.test(name)), []);
    const versions = [...readelf("--version-info").matchAll(/Name: GLIBC_2\.(\d+)/g)].map(([, minor]) =>
      Number(minor)
    );
    assert.is(versions.length > 0, libc === "glibc");
    assert.ok(Math.max(...versions, 0) <= 17, `GLIBC_2.${Math.max(...versions)}`);
  });
}

test.run();
