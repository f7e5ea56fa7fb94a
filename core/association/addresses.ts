/**
 * The addresses of both ends. Asked of the stack while the association is up, since they can change; the last answer is
 * kept afterwards.
 */
import { canonicalAddress } from "../canonical_address.ts";
import { notConnected, ownSystemError } from "../errors.ts";
import type { Handle } from "../shim/handle.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import {
  type Accepted,
  type AddressInfo,
  ASSOC_STATUS,
  type Endpoint,
  OPTION,
  type PathRecord,
} from "../shim/records.ts";

export class Addresses {
  readonly #handle: Handle;
  readonly #lifecycle: Lifecycle;
  #local: AddressInfo[] = [];
  #remote: AddressInfo[] = [];
  /** Own ones that have been removed: the kernel lists them until the peer has acknowledged that. */
  #removed: Set<string> | undefined;
  /** Whether #remote is what the stack would answer now. */
  #isRemoteKnown = false;

  constructor(handle: Handle, lifecycle: Lifecycle, accepted?: Accepted) {
    this.#handle = handle;
    this.#lifecycle = lifecycle;
    if (accepted?.local) this.#local = [accepted.local];
    if (accepted?.remote) this.#remote = [accepted.remote];
  }

  /** Notes where an attempt to connect goes to. */
  expect(remote: readonly Endpoint[]): void {
    this.#remote = remote.map(({ address: text, port }) => {
      const address = canonicalAddress(text); // shown as the stack will show it
      return { address, family: address.includes(":") ? "IPv6" : "IPv4", port };
    });
  }

  /** Notes the local addresses for those who ask only after the close. */
  onUp(): void {
    this.#local = this.#handle.addresses("local") ?? [];
  }

  /** All of the peer's addresses, the primary one first. Of a peer that has gone they may only be known later. */
  get remote(): readonly AddressInfo[] {
    const { isUp } = this.#lifecycle;
    if (isUp ? !this.#isRemoteKnown : this.#remote.length === 0) {
      this.#remote = this.#handle.addresses("remote") ?? this.#remote;
      this.#isRemoteKnown = isUp;
    }
    return this.#remote;
  }

  /** All addresses of this end. They are asked for each time, since no notification tells that one came or went. */
  get local(): readonly AddressInfo[] {
    const { state, isUp } = this.#lifecycle;
    if (state === "connecting") return [];
    if (isUp || this.#local.length === 0) this.#local = this.#handle.addresses("local") ?? this.#local;
    if (this.#removed) this.#local = this.#local.filter(({ address }) => !this.#removed!.has(address));
    return this.#local;
  }

  /**
   * Throws where the peer would not be told: from a SHUTDOWN on no stack sends it an ASCONF, nor says so.
   *
   * @throws ENOTCONN
   */
  requireChangeable(syscall: string, address: string): void {
    if (!this.#lifecycle.isUp) throw notConnected(syscall, address);
    const status = this.#handle.status();
    if (typeof status === "number" || status.state === ASSOC_STATUS.ESTABLISHED) return; // a number: the call says why
    const detail =
      "the association is being shut down, and its addresses do not change any more: do it before end()";
    throw ownSystemError("ENOTCONN", syscall, { address, detail });
  }

  /**
   * Adds an address to this end or removes one, of which the stack tells the peer.
   *
   * @throws what the stack refuses it with
   */
  changeLocal(address: string, change: "add" | "remove"): void {
    const how = change === "add" ? OPTION.ADD_ADDRESS : OPTION.REMOVE_ADDRESS;
    const result = this.#handle.configure([[how, 0, 1]], { local: [{ address, port: 0 }] });
    if (result < 0) throw this.#handle.loop.error(result, "bind", { address });
    if (change === "add") this.#removed?.delete(canonicalAddress(address));
    else (this.#removed ??= new Set()).add(canonicalAddress(address));
  }

  /** The UDP port of one end, where SCTP goes over UDP, while the association is up. */
  udpPort(side: "local" | "remote"): number | undefined {
    return this.#lifecycle.isUp ? this.#handle.udpPort(side) : undefined;
  }

  /** The state of each path; empty when it is not known any more. */
  get paths(): PathRecord[] {
    return this.#lifecycle.isUp ? this.#handle.paths() : [];
  }

  onNotification({ content: { type } }: DecodedNotification): void {
    if (type === "path-change" || type === "association-change") this.forgetRemote();
  }

  /** Has the peer's addresses asked for again. */
  forgetRemote(): void {
    this.#isRemoteKnown = false;
  }
}

/** Whether a notification says that the addresses of the association have changed. */
export function changesAddresses({ content }: DecodedNotification): boolean {
  if (content.type === "association-change") return content.state === "restart";
  return content.type === "path-change" && ["added", "removed", "made-primary"].includes(content.state);
}

/** Whether a notification says that the state of a path has changed. */
export function changesPaths({ content }: DecodedNotification): boolean {
  return content.type === "path-change" ||
    (content.type === "association-change" && (content.state === "up" || content.state === "restart"));
}
