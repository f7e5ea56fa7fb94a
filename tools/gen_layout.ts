// gen_layout.ts [--check]: core/layout.gen.ts is what the C compiler says about the records in
// c/sctp_records.def. Rewrites it; with --check, or in CI, only fails if it differs.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const TARGET = "core/layout.gen.ts";
const checking = process.argv.includes("--check") || !["", "0", "false"].includes(process.env.CI ?? "");

execFileSync("make", ["-s", "-C", "c", "layout"], { stdio: ["ignore", "inherit", "inherit"] });
const layout = execFileSync("build/layout_dump", { encoding: "utf8" });
const current = existsSync(TARGET) ? readFileSync(TARGET, "utf8") : "";

if (layout !== current && checking) {
  console.error(
    `${TARGET} does not fit c/sctp_records.def. Type: npm run format, and commit what it changes.`,
  );
  process.exitCode = 1;
} else if (layout !== current) {
  writeFileSync(TARGET, layout);
  console.log(`${TARGET} rewritten`);
}
