// The project's documents, and the code blocks in them.
import { readdirSync, readFileSync } from "node:fs";
import { globSync } from "./glob.ts";

const FOLDERS = ["docs", "examples", "test", "bench", ".github"];

/** Every Markdown file of the project. */
export function documents(): string[] {
  const atTop = readdirSync(".").filter((name) => name.endsWith(".md")).sort();
  return [...atTop, ...FOLDERS.flatMap((folder) => globSync(folder, /\.md$/))];
}

/** A fenced code block. What follows the language says who runs it: docs/testing.md has the list. */
export interface Block {
  file: string;
  /** Of its first line of text, counted from 1. */
  line: number;
  language: string;
  /** How it is run: the words behind the language. */
  how: string;
  text: string;
  /** What it has to print, if the next block of the document says so. */
  output?: string;
}

const FENCE = /^( *)```(\S*)(?: +(.*?))? *\n(.*?)^\1``` *$/gms;

export function blocksOf(file: string, markdown = readFileSync(file, "utf8")): Block[] {
  const blocks: Block[] = [];
  for (const match of markdown.matchAll(FENCE)) {
    const [, indent, language, how = "", raw] = match;
    const text = raw!.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const previous = blocks.at(-1);
    if (language === "text" && how === "output" && previous) previous.output = text;
    const line = markdown.slice(0, match.index).split("\n").length + 1;
    blocks.push({ file, line, language: language!, how, text });
  }
  return blocks;
}

export const allBlocks = (): Block[] => documents().flatMap((file) => blocksOf(file));

/** Who runs what: the file in test/docs, by language, or by language and the first word behind it. */
export const RUNNERS: Record<string, string> = {
  "js": "programs_test.ts",
  "ts": "programs_test.ts",
  "diff": "programs_test.ts",
  "sh": "shell_test.ts",
  "sh root": "root_test.ts",
  "sh bundle": "bundling_test.ts",
  "nft root": "root_test.ts",
  "js root": "root_test.ts",
  "json": "files_test.ts",
  "yaml": "files_test.ts",
  "ini systemd": "files_test.ts",
};

/** The blocks that a test file runs. */
export function blocksFor(runner: string): Block[] {
  return allBlocks().filter((block) => runnerOf(block) === runner);
}

function runnerOf({ language, how }: Block): string | undefined {
  if (how.startsWith("not run")) return undefined;
  return RUNNERS[`${language} ${how.split(" ")[0]}`] ?? RUNNERS[language];
}

/** What is wrong with how a block says it is run, if anything. */
export function blockProblem(block: Block): string | undefined {
  const { language, how, output } = block;
  if (language === "") return "a code block without a language; `text` is for what is no code";
  const isRun = runnerOf(block) !== undefined;
  if (output !== undefined && !isRun) return "the output of what nobody runs";
  if (language === "text") return /^(output)?$/.test(how) ? undefined : `text has no "${how}"`;
  if (isRun || /^not run: \S.{9,}/.test(how)) return undefined;
  return `nobody runs \`${language} ${how}\`: RUNNERS in tools/documents.ts has who could; or "not run: REASON"`;
}
