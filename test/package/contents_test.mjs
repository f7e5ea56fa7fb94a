// What `npm pack` would publish: all that the manifest's exports promise, and nothing that must be built first.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { encoding: "utf8" }));
const files = packed.files.map((file) => file.path);

function targets(exported) {
  return typeof exported === "string" ? [exported] : Object.values(exported).flatMap(targets);
}

test("holds every file that exports names", () => {
  for (const target of targets(manifest.exports)) {
    assert.ok(files.includes(target.slice(2)), `${target} is missing from ${files.join(" ")}`);
  }
});

test("holds the prebuilt libraries of the table, and no others", () => {
  const [, table] = /export const PREBUILT[^=]*= (\{.*\});/s.exec(
    readFileSync("runtimes/prebuilt.gen.ts", "utf8"),
  );
  const names = Object.keys(new Function(`return ${table}`)().files);
  assert.is(names.length, 8);
  const libraries = files.filter((file) => /^prebuilt\/[^/]+$/.test(file));
  assert.equal(libraries, names.map((name) => `prebuilt/${name}`));
});

test("runs nothing when it is installed", () => {
  for (const script of ["preinstall", "install", "postinstall", "prepare"]) {
    assert.is(manifest.scripts[script], undefined, script);
  }
  assert.not.ok(files.includes("binding.gyp")); // npm would take it for a script
});

test("holds what building from source needs, and no tests or other tools", () => {
  const others = files.filter((file) =>
    /\//.test(file) && !/^(dist|prebuilt)\/|^docs\/netsctp\.1$/.test(file)
  );
  const needed = /^c\/((?!fuzz|test\/)[\w/.]+\.(c|h|def|map|mk|md)|Makefile)$|^tools\/fetch_\w+\.sh$/;
  assert.equal(others.filter((file) => !needed.test(file)), []);
  assert.ok(others.includes("c/Makefile") && others.includes("tools/fetch_usrsctp.sh"));
});

test("holds the notices, and of libsctp, which is linked in, the licence and the sources", () => {
  const notices = readFileSync("THIRD_PARTY_NOTICES", "utf8");
  const named = ["libsctp", "usrsctp", "musl", "libgcc", ...Object.keys(manifest.dependencies)];
  for (const name of named) assert.match(notices, new RegExp(`\\b${name}\\b`));
  for (const file of ["COPYING.lib", "src/lib/bindx.c", "src/include/netinet/sctp.h.in"]) {
    assert.ok(files.includes(`prebuilt/libsctp/${file}`), file);
  }
});

test.run();
