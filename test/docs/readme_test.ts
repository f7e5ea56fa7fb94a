// What someone new has to find in the README: how a program survives a peer's error, how far the package is, and what the
// types need.
import { readFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blocksOf } from "../../tools/documents.ts";

const FILE = "README.md";
const text = readFileSync(FILE, "utf8");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

const test = suite("README");

/** What stands below a heading, up to the next one of its level or above. */
function chapter(heading: string): string {
  const [, level] = /^(#+) /.exec(heading)!;
  const [, below] = text.split(`\n${heading}\n`);
  assert.ok(below, `${FILE} has no chapter ${heading}`);
  return below.split(new RegExp(`^#{1,${level!.length}} `, "m"))[0]!;
}

for (const language of ["js", "ts"]) {
  test(`each socket of the first example has a handler for 'error' (${language})`, () => {
    const example = blocksOf(FILE).find((block) => block.language === language)!.text;
    const [, served, connected] = /createServer\((.*?)\.listen\((.*)/s.exec(example)!;
    assert.match(served!, /socket\.on\("error", /, "the server's sockets");
    assert.match(connected!, / connect\(.*socket\.on\("error", /s, "the client's socket");
  });
}

test("its introduction tells how mature it is, with the version", () => {
  const introduction = text.split(/^## /m)[0]!;
  const [line] = /^\*\*Maturity\*\*.*$/m.exec(introduction) ?? [];
  assert.ok(line, "no line on maturity");
  const [major, minor] = version.split(".");
  assert.ok(line.includes(`version ${major}.${minor},`), line);
});

for (const heading of ["### Node", "### Bun"]) {
  test(`${heading} tells that the types need @types/node`, () => {
    assert.match(chapter(heading), /TypeScript[^.]*@types\/node/);
  });
}

test.run();
