/**
 * Finds the way to a peer: resolves its name, and tries the addresses one after
 * the other as `net` does, or takes them together for those of one peer (RFC
 * 6458 section 9.9, sctp_connectx).
 *
 *   start --name--> lookup --> attempt --fails or takes too long--> next attempt
 *                                 |                                      |
 *                                 | up                        none left: onFailed
 */
import { ADDRCONFIG } from "node:dns";
import { getDefaultAutoSelectFamily, getDefaultAutoSelectFamilyAttemptTimeout, isIP } from "node:net";
import { nextTick } from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import type { Association } from "../association/association.ts";
import type { ConnectPlan } from "../options/connect.ts";
import { familyOf } from "../canonical_address.ts";
import { type CloseReason, failureReasonOf, unresolvedReasonOf } from "../association/close_reason.ts";
import {
  aggregate,
  blocked,
  type CodedError,
  ownSystemError,
  type SystemError,
  type UnsupportedError,
} from "../errors.ts";
import { unsupportedOption } from "../options/unsupported.ts";
import { missingAddresses } from "./missing_addresses.ts";
import type { Endpoint, NumberedOption } from "../shim/records.ts";
import { blockedOne, reachable } from "./families.ts";
import { type Resolved, resolveHost } from "./resolve.ts";

/** Is called with the course of the attempts. */
interface ConnectorOwner {
  /** Emits one of `net`'s events. */
  emit(event: string, ...args: unknown[]): void;
  /** No attempt has succeeded, and none is left. Called once at most. */
  onFailed(error: Error, reason: CloseReason): void;
}

/** How the addresses of a name are used. */
type Use = "together" | "in turn" | "first only";

interface Attempt {
  addresses: readonly string[];
  family: 4 | 6;
}

export class Connector {
  readonly #association: Association;
  readonly #plan: ConnectPlan;
  readonly #socketOptions: readonly NumberedOption[];
  readonly #owner: ConnectorOwner;
  readonly #errors: Error[] = [];
  readonly #tried: string[] = [];
  #attempts: Attempt[] = [];
  #current: Attempt | undefined;
  #hasChoice = false;
  #isOver = false;
  #limit: NodeJS.Timeout | undefined;
  #attemptLimit: NodeJS.Timeout | undefined;

  constructor(
    association: Association,
    plan: ConnectPlan,
    socketOptions: readonly NumberedOption[],
    owner: ConnectorOwner,
  ) {
    this.#association = association;
    this.#plan = plan;
    this.#socketOptions = socketOptions;
    this.#owner = owner;
    const { connectTimeout, addresses, host, port } = plan;
    const known = addresses.length === 0 && isIP(host) !== 0 ? [host] : addresses;
    association.addresses.expect(endpoints(known, port));
    // The timers do not keep the process alive: while an attempt is under way, the association does.
    if (connectTimeout > 0) this.#limit = setTimeout(() => this.#timedOut(), connectTimeout).unref();
    // The caller can add its listeners first, also where no name has to be looked up.
    nextTick(() => this.#begin());
  }

  /** Each attempt as "address:port", which is `net`'s autoSelectFamilyAttemptedAddresses; undefined without a choice. */
  get tried(): readonly string[] | undefined {
    return this.#hasChoice ? this.#tried : undefined;
  }

  onUp(): void {
    this.stop();
    const { addresses: named, port } = this.#plan;
    const { addresses } = this.#current!;
    if (named.length === 0 || addresses.length === 1) return;
    const warning = missingAddresses(addresses, port, this.#association.addresses.remote);
    if (warning !== undefined) this.#association.loop.warnOnce(warning, "NETSCTP_ADDRESS_MISSING");
  }

  /** Starts no further attempt: the association is up, or nobody wants it any more. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#limit);
    clearTimeout(this.#attemptLimit);
  }

  #begin(): void {
    if (this.#isOver) return;
    const { addresses, host, port, lookup, family, allAddresses, localAddresses } = this.#plan;
    if (addresses.length > 0) return this.#try(addresses, "together");
    if (isIP(host) !== 0) return this.#try([host], "together");
    const use: Use = allAddresses ? "together" : this.#selectsFamily ? "in turn" : "first only";
    const { context } = this.#association; // the user's lookup may answer in another one
    const onAnswer = context.bind((error: Error | null, address?: string, family?: number) => {
      if (!this.#isOver) this.#owner.emit("lookup", error, address, family, host);
    });
    // The local addresses may not reach the first.
    const all = use !== "first only" || localAddresses.length > 0;
    // Without a family, net asks only for the families that this machine has an address of.
    const hints = this.#plan.hints ?? (family === 0 ? ADDRCONFIG : 0);
    const onResolved = context.bind((error: Error | null, found: Resolved[]) => {
      if (this.#isOver) return; // meanwhile, or by a handler
      if (error) return this.#end(error, unresolvedReasonOf(error));
      const ordered = use === "together" ? found : alternating(found);
      this.#try(ordered.map(({ address }) => address), use);
    });
    resolveHost(host, { lookup, family, hints, all, port, onAnswer }, onResolved);
  }

  get #selectsFamily(): boolean {
    const { autoSelectFamily, family } = this.#plan;
    return (autoSelectFamily ?? getDefaultAutoSelectFamily()) && family === 0;
  }

  /** Tries those of the addresses that the local ones reach. */
  #try(addresses: readonly string[], use: Use): void {
    const { localAddresses, localPort: port } = this.#plan;
    const all = reachable(addresses, localAddresses);
    if (all.length === 0) {
      const detail = `it does not reach ${addresses[0]}, of the other IP version`;
      return this.#end(ownSystemError("EINVAL", "bind", { address: localAddresses[0], port, detail }));
    }
    const used = use === "first only" ? all.slice(0, 1) : all;
    this.#attempts = use === "in turn" ? used.map((one) => attemptAt([one])) : [attemptAt(used)];
    this.#hasChoice = this.#attempts.length > 1;
    this.#next();
  }

  #next(): void {
    const attempt = this.#attempts.shift();
    if (attempt === undefined) return this.#end(aggregate(this.#errors));
    this.#current = attempt;
    const error = this.#blocked(attempt) ?? this.#associate(attempt);
    if (error?.code === "ERR_SCTP_UNSUPPORTED") return this.#end(error); // as any other attempt would
    // Which events come for what fails at once is net's choice.
    if (error && "syscall" in error && error.syscall === "bind") return this.#goOn(error);
    const isBlocked = error !== undefined && !("syscall" in error);
    if (isBlocked && this.#hasChoice) return this.onFailed(error);
    const [address] = attempt.addresses;
    const { port } = this.#plan;
    this.#tried.push(`${address}:${port}`); // without brackets, as net has it
    this.#owner.emit("connectionAttempt", address, port, attempt.family);
    if (this.#isOver) return; // by a handler
    if (error) return this.#hasChoice ? this.onFailed(error) : this.#goOn(error);
    if (this.#attempts.length > 0) this.#limitAttempt(attempt);
  }

  #blocked({ addresses }: Attempt): CodedError | undefined {
    const found = blockedOne(this.#plan.blockList, addresses);
    return found === undefined ? undefined : blocked(found);
  }

  /** Starts the association; returns what fails at once. */
  #associate({ addresses }: Attempt): SystemError | UnsupportedError | undefined {
    const { port } = this.#plan;
    const remote = endpoints(addresses, port);
    const local = this.#localEnds(addresses);
    const result = this.#association.connect({ options: this.#socketOptions, local, remote });
    if (result === 0) return undefined;
    const { loop } = this.#association;
    const lacking = unsupportedOption(loop);
    if (lacking !== undefined) return lacking;
    const failed = local[loop.calls.failed_local()];
    return failed
      ? loop.error(result, "bind", failed)
      : loop.error(result, "connect", { ...remote[0], local: local[0] });
  }

  /** The addresses to bind to on the way to these; none where the stack may choose. */
  #localEnds(remote: readonly string[]): Endpoint[] {
    const { localAddresses, localPort: port } = this.#plan;
    if (localAddresses.length > 0) return endpoints(localAddresses, port);
    if (port === 0) return [];
    return [{ address: remote.some((one) => familyOf(one) === 6) ? "::" : "0.0.0.0", port }];
  }

  #limitAttempt({ addresses: [address], family }: Attempt): void {
    const { port, attemptTimeout } = this.#plan;
    const limit = attemptTimeout ?? getDefaultAutoSelectFamilyAttemptTimeout();
    this.#attemptLimit = setTimeout(() => {
      this.#association.abandon();
      this.#owner.emit("connectionAttemptTimeout", address, port, family);
      this.#errors.push(ownSystemError("ETIMEDOUT", "connect", { address, port }));
      if (!this.#isOver) this.#next();
    }, limit).unref();
  }

  /** The current attempt has failed. */
  onFailed(error: Error): void {
    const { addresses: [address], family } = this.#current!;
    clearTimeout(this.#attemptLimit);
    this.#owner.emit("connectionAttemptFailed", address, this.#plan.port, family, error);
    this.#goOn(error);
  }

  #goOn(error: Error): void {
    failureReasonOf(error);
    this.#errors.push(error);
    if (!this.#isOver) this.#next();
  }

  #timedOut(): void {
    const { connectTimeout, host, port } = this.#plan;
    const address = this.#current?.addresses[0] ?? host;
    const { softError, loop } = this.#association;
    const detail = `no answer within ${connectTimeout} ms`;
    const reported = `${detail}; a router on the way reported this by ICMP`;
    const error = softError > 0
      ? loop.error(-softError, "connect", { address, port, detail: reported })
      : ownSystemError("ETIMEDOUT", "connect", { address, port, detail });
    this.#end(error);
  }

  #end(error: Error, reason: CloseReason = failureReasonOf(error)): void {
    this.stop();
    this.#owner.onFailed(error, reason);
  }
}

function endpoints(addresses: readonly string[], port: number): Endpoint[] {
  return addresses.map((address) => ({ address, port }));
}

function attemptAt(addresses: readonly string[]): Attempt {
  return { addresses, family: isIP(addresses[0]!) as 4 | 6 }; // as it was written, which net tells
}

/** One of each family in turn, beginning with that of the first (RFC 8305 section 4). */
function alternating(found: Resolved[]): Resolved[] {
  const first = found.filter(({ family }) => family === found[0]!.family);
  const other = found.filter(({ family }) => family !== found[0]!.family);
  return found.flatMap((_, i) => [first[i], other[i]].filter((one) => one !== undefined));
}
