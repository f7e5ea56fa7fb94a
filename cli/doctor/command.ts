/** `netsctp doctor [HOST[,HOST…]:PORT]` */
import type { Command } from "commander";
import process from "node:process";
import manifest from "../../deno.json" with { type: "json" };
import { isIP, loadLibrary, type Stack, type StackChoice } from "../../mod.ts";
import {
  command,
  type CommonOptions,
  example,
  type StackOptions,
  withStack,
  withTarget,
} from "../command.ts";
import { usageError } from "../exit_codes.ts";
import { Output } from "../output.ts";
import { parseTarget, type Target } from "../target.ts";
import { duration } from "../values.ts";
import { NOT_PROBED } from "./catalogue.ts";
import type { Context, StackState } from "./context.ts";
import { distributionOf } from "./distribution.ts";
import { examine } from "./examine.ts";
import { masker } from "./mask.ts";
import { hostSystem, type System } from "./system.ts";
import { print } from "./text.ts";
import { verdictOf } from "./verdict.ts";

const DEFAULT_UDP_PORT = 9899; // RFC 6951 section 5.1
const DEFAULT_TIMEOUT_MS = 5000;

interface DoctorOptions extends CommonOptions, StackOptions {
  connectTimeout?: number;
  mask?: true;
}

export function doctorCommand(): Command {
  const doctor = command("doctor")
    .summary("say what works, what is slow, and what to type to make it better")
    .description(
      "Says what works, what is slow, and what to type to make it better. It changes nothing itself.",
    );
  withTarget(withStack(doctor), "[peer]", "a peer to try: HOST[,HOST...]:PORT, or HOST")
    .option("-w, --connect-timeout <time>", "how long to try the peer. Default 5 s", duration("1ms", "1m"))
    .option("--mask", "put other words for addresses and names, to publish the report")
    .action(run);
  example(doctor, "doctor", "this machine");
  example(doctor, "doctor 10.0.0.1,10.1.0.1:3868", "and a peer with two addresses");
  example(doctor, "doctor --json --mask", "for a bug report");
  return doctor;
}

async function run(
  where: string | undefined,
  port: string | undefined,
  options: DoctorOptions,
): Promise<void> {
  const target = where === undefined ? undefined : parseTarget({ where, port });
  if (!target && options.connectTimeout !== undefined) {
    throw usageError("--connect-timeout is for a peer, and none is given");
  }
  const output = new Output(options);
  if (process.platform !== "linux") await loadLibrary(); // There is nothing to examine: its error says it all.
  const context = await contextOf(hostSystem(), target, options);
  const mask = options.mask ? masker(namesOf(context)) : <T>(value: T) => value;
  const findings = mask(await examine(context));
  const verdict = verdictOf(context, findings);
  print(findings, verdict, output);
  output.emit({ event: "report", version: manifest.version, ...verdict, findings, notProbed: NOT_PROBED });
  process.exitCode = verdict.exitCode;
}

async function contextOf(
  system: System,
  target: Target | undefined,
  options: DoctorOptions,
): Promise<Context> {
  const wanted = options.stack ?? system.variable("NETSCTP_STACK") as StackChoice | undefined ?? "auto";
  return {
    system,
    distribution: distributionOf(system),
    stacks: { kernel: await stateOf("kernel"), userspace: await stateOf("userspace") },
    wanted,
    target,
    udpPort: options.udpPort || (Number(system.variable("NETSCTP_UDP_PORT")) || DEFAULT_UDP_PORT),
    timeoutMs: options.connectTimeout ?? DEFAULT_TIMEOUT_MS,
  };
}

async function stateOf(stack: Stack): Promise<StackState> {
  try {
    const { reason } = await loadLibrary({ stack });
    return { usable: true, reason };
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    return { usable: false, code, reason: message };
  }
}

/** What --mask takes out beside addresses. */
function namesOf({ system, target }: Context): string[] {
  const names = (target?.hosts ?? []).filter((host) => !isIP(host));
  const home = system.variable("HOME");
  return home && home !== "/" ? [home, ...names] : names;
}
