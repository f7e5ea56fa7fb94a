/** All checks, one after the other, for some of them measure; findings in the order of the report. */
import { addresses } from "./addresses.ts";
import { buffers } from "./buffers.ts";
import { GROUPS } from "./catalogue.ts";
import { checksumErrors, checksums } from "./checksums.ts";
import type { Check, Context } from "./context.ts";
import { environment } from "./environment.ts";
import { type Finding, finding, groupOf } from "./finding.ts";
import { firewall } from "./firewall.ts";
import { kernel } from "./kernel.ts";
import { libraries } from "./libraries.ts";
import { optionsProbe } from "./options_probe.ts";
import { parameters } from "./parameters.ts";
import { peer } from "./peer.ts";
import { permissions } from "./permissions.ts";
import { resources } from "./resources.ts";
import { selfTest } from "./self_test.ts";
import { userspace } from "./userspace.ts";

/** Beyond what a check bounds itself. */
const LIMIT_MS = 60_000;

export async function examine(context: Context): Promise<Finding[]> {
  const errorsBefore = checksumErrors(context.system);
  const checks: Record<string, Check> = {
    userspace, // before the self-test takes a UDP port
    environment,
    kernel,
    "self-test": selfTest,
    options: optionsProbe,
    checksums: (given) => checksums(given, errorsBefore),
    libraries,
    buffers,
    parameters,
    resources,
    addresses,
    firewall,
    peer,
    permissions, // what was refused to all of them
  };
  const found: Finding[] = [];
  for (const [name, check] of Object.entries(checks)) found.push(...await bounded(name, check, context));
  return GROUPS.flatMap((group) => found.filter((one) => groupOf(one) === group));
}

/** A check that fails, or does not end, is a finding; the others go on. */
async function bounded(name: string, check: Check, context: Context): Promise<Finding[]> {
  let limit: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    limit = setTimeout(() => reject(new Error(`not done after ${LIMIT_MS / 1000} s`)), LIMIT_MS);
  });
  try {
    return await Promise.race([check(context), late]);
  } catch (error) {
    return [
      finding("check-failed", "note", `${name}: ${(error as Error).message}`, { data: { check: name } }),
    ];
  } finally {
    clearTimeout(limit);
  }
}
