/** The stack a command runs on. */
import process from "node:process";
import { loadLibrary, type StackInfo } from "../mod.ts";
import type { StackOptions } from "./command.ts";
import { environment, type Output } from "./output.ts";

/**
 * The stack that serves, told to people where they did not choose it.
 *
 * @throws ERR_SCTP_UNAVAILABLE and the like
 */
export async function chooseStack({ stack }: StackOptions, output: Output): Promise<StackInfo> {
  // Said below in one line, for the command line's users.
  process.removeAllListeners("warning").on("warning", (warning: Error & { code?: string }) => {
    if (warning.code !== "NETSCTP_USERSPACE") process.stderr.write(`netsctp: ${warning.message}\n`);
  });
  const info = await loadLibrary({ stack });
  const isChosen = stack ?? environment("NETSCTP_STACK");
  if (info.stack === "userspace" && (isChosen ?? "auto") === "auto") {
    output.note(
      output.paintNote("dim", "SCTP over UDP: the kernel's SCTP cannot be used (--stack kernel says why)"),
    );
  }
  return info;
}
