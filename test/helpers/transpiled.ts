/** A program of ours as JavaScript: for one that counts its descriptors, which a compiler at its side disturbs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import ts from "typescript";

const DIRECTORY = "build/transpiled"; // inside the checkout, so that "netsctp" is found from there

/** Writes `file` and what it imports from its own directory as JavaScript; returns the path of the program. */
export function transpiled(file: string): string {
  mkdirSync(DIRECTORY, { recursive: true });
  const source = readFileSync(file, "utf8");
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      rewriteRelativeImportExtensions: true,
    },
  });
  const written = join(DIRECTORY, basename(file).replace(/\.ts$/, ".js"));
  writeFileSync(written, outputText);
  for (const [, imported] of source.matchAll(/ from "(\.\/[^"]+\.ts)"/g)) {
    transpiled(join(dirname(file), imported!));
  }
  return written;
}
