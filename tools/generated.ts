/** Files that are made from others: rewritten, or with --check and in CI only compared. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

const isChecking = process.argv.includes("--check") || !["", "0", "false"].includes(process.env.CI ?? "");

/** @param source what it is made from, for the message */
export function keepGenerated(file: string, text: string, source: string): void {
  const current = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text === current) return;
  if (isChecking) {
    console.error(`${file} does not fit ${source}. Type: npm run format, and commit what it changes.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`${file} rewritten`);
  }
}
