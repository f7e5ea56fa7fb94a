// The programs in the documents run as they stand there, on the runtime they are for, and print what is said below them.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Block, blocksFor } from "../../tools/documents.ts";

const FOLDER = "build/docs";
const LIMIT_MS = 60_000;
const test = suite("programs");

const DENO = ["node_modules/.bin/deno", "run", "--no-prompt", "--cached-only"];

/** The word behind the language: the program has no end of its own, and is ended when it has printed these lines. */
const ENDLESS = "endless";

const hasLines = (text: string, lines = "") =>
  lines.split("\n").every((line) => text.split("\n").includes(line));

interface Ending {
  code: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

function run(command: string[], isEnough: (stdout: string) => boolean): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const [file, ...args] = command;
    const child = spawn(file!, args, { stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS });
    const ending = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => {
      ending.stdout += chunk;
      if (isEnough(ending.stdout)) child.kill();
    });
    child.stderr.on("data", (chunk) => ending.stderr += chunk);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ ...ending, code, signal }));
  });
}

/** What a diff leads to. */
const newSide = (diff: string) =>
  diff.split("\n").filter((line) => !line.startsWith("-")).map((line) => line.slice(1));

function programOf({ language, text }: Block): { extension: string; source: string } {
  if (language === "ts") return { extension: "ts", source: text };
  const source = language === "diff" ? newSide(text).join("\n") : text;
  return { extension: /^(const|var) .*= require\(/m.test(source) ? "cjs" : "mjs", source };
}

for (const block of blocksFor("programs_test.ts")) {
  const words = block.how.split(" ").filter((word) => word !== "");
  const flags = words.filter((word) => word.startsWith("--"));
  test(`${block.file}:${block.line} (${block.language} ${block.how})`, async () => {
    const { extension, source } = programOf(block);
    const file = `${FOLDER}/line-${block.line}-${process.pid}.${extension}`;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, source);
    try {
      const isEndless = words.includes(ENDLESS);
      const command = extension === "ts" ? [...DENO, ...flags, file] : [process.execPath, file];
      const { code, signal, stdout, stderr } = await run(
        command,
        (stdout) => isEndless && hasLines(stdout, block.output),
      );
      if (isEndless) return assert.ok(hasLines(stdout, block.output), stdout + stderr);
      assert.is(signal, null, `it does not end by itself\n${stderr}`);
      assert.is(code, 0, stderr);
      if (block.output !== undefined) assert.is(stdout, block.output, stderr);
      else assert.not.equal(stdout, "", `it prints nothing\n${stderr}`);
    } finally {
      rmSync(file);
    }
  });
}

test.run();
