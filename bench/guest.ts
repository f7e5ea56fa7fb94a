/** Runs for the kernel's stack where this machine's kernel has none. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Result } from "./one_run.ts";
import type { Session } from "./session.ts";

/**
 * Makes the runs in one boot of the guest.
 *
 * @param program what makes them there
 */
export async function runInGuest(
  session: Session,
  reportKernel: (version: string) => void,
  report: (result: Result) => void,
  program = "bench/in_guest.ts",
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "netsctp-bench-"));
  try {
    writeFileSync(join(folder, "session.json"), JSON.stringify(session));
    await bootGuest([program, join(folder, "session.json")], reportKernel, report);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bootGuest(
  program: string[],
  reportKernel: (version: string) => void,
  report: (result: Result) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, "--import", "tsx", ...program];
    const guest = spawn("test/guest/run", ["-t", "14400", "--", ...command], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = () => void guest.kill("SIGTERM");
    process.once("exit", end);
    let said = "";
    guest.stderr.on("data", (chunk) => said += chunk);
    createInterface(guest.stdout).on("line", (line) => {
      if (!line.startsWith("{")) return void (said += `${line}\n`);
      const message = JSON.parse(line) as { kernel: string } | Result;
      if ("kernel" in message) reportKernel(message.kernel);
      else report(message);
    });
    guest.on("error", reject);
    guest.on("close", (code) => {
      process.off("exit", end);
      if (code === 0) resolve();
      else reject(new Error(`the guest ended with status ${code}\n${said}`));
    });
  });
}
