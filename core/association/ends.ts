/**
 * Who is at either end of an association: asked of the stack while there is one,
 * so that it is true when addresses come and go, and remembered after it.
 */
import type { Association } from "./association.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { Accepted, AddressInfo, PathRecord } from "../shim/records.ts";

export class Ends {
  readonly #association: Association;
  #local: AddressInfo[] = [];
  #remote: AddressInfo[] = [];
  /** Whether #remote is all there is, and what the last notification left. */
  #isRemoteKnown = false;

  constructor(association: Association, accepted?: Accepted) {
    this.#association = association;
    if (accepted?.local) this.#local = [accepted.local];
    if (accepted?.remote) this.#remote = [accepted.remote];
  }

  /** What is being connected to. */
  expect(addresses: readonly string[], port: number): void {
    this.#remote = addresses.map((text) => {
      const address = text.replace(/^::ffff:(?=[0-9.]+$)/i, ""); // shown as what it is, from the start
      return { address, family: address.includes(":") ? "IPv6" : "IPv4", port };
    });
  }

  /** Notes the addresses of this end, for those who ask only after the close. */
  opened(): void {
    this.#local = this.#ask("local") ?? [];
  }

  /** The primary address. A peer that was gone before it could be asked may be known later, from its messages. */
  get remote(): AddressInfo | undefined {
    return this.remotes[0];
  }

  /** All of the peer's addresses, the primary one first. */
  get remotes(): readonly AddressInfo[] {
    const { isUp } = this.#association;
    if (isUp ? !this.#isRemoteKnown : this.#remote.length === 0) {
      this.#remote = this.#ask("remote") ?? this.#remote;
      this.#isRemoteKnown = isUp;
    }
    return this.#remote;
  }

  get local(): AddressInfo | undefined {
    return this.locals[0];
  }

  /** All addresses of this end. No notification tells that one came or went: they are asked for each time. */
  get locals(): readonly AddressInfo[] {
    if (this.#association.state === "connecting") return [];
    if (this.#association.isUp || this.#local.length === 0) this.#local = this.#ask("local") ?? this.#local;
    return this.#local;
  }

  /** The UDP port of one end, where SCTP goes over UDP, and while there is an association. */
  udpPort(side: "local" | "remote"): number | undefined {
    const { isUp, handle, loop } = this.#association;
    return isUp ? loop.udpPort(handle, side) : undefined;
  }

  /** The state of each path; empty when it is no longer known. */
  get paths(): PathRecord[] {
    const { isUp, handle, loop } = this.#association;
    return isUp ? loop.paths(handle) : [];
  }

  /** A notification may have made what is known of the peer untrue. */
  notified({ content: { type } }: DecodedNotification): void {
    if (type === "path-change" || type === "association-change") this.forgetRemotes();
  }

  /** Has the peer's addresses asked for again. */
  forgetRemotes(): void {
    this.#isRemoteKnown = false;
  }

  #ask(side: "local" | "remote"): AddressInfo[] | undefined {
    const { handle, loop } = this.#association;
    if (handle === 0) return undefined;
    const found = loop.addresses(handle, side);
    return found.length > 0 ? found : undefined;
  }
}

/** Whether a notification says that the addresses of the association are others than before. */
export function changesAddresses({ content }: DecodedNotification): boolean {
  if (content.type === "association-change") return content.state === "restart";
  return content.type === "path-change" && ["added", "removed", "made-primary"].includes(content.state);
}

/** Whether a notification says that some path is in another state. */
export function changesPaths({ content }: DecodedNotification): boolean {
  return content.type === "path-change" ||
    (content.type === "association-change" && (content.state === "up" || content.state === "restart"));
}
