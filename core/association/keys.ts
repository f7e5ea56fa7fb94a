/** The keys that an association's chunks are signed with (RFC 4895). The stack alone keeps them. */
import { notConnected, ownSystemError, wrongState } from "../errors.ts";
import type { Negotiation } from "./negotiation.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { Handle } from "../shim/handle.ts";
import { NOTIFICATION, type NumberedOption, OPTION } from "../shim/records.ts";

/** The association whose keys these are. */
export interface KeyPort {
  readonly isUp: boolean;
  configure(options: readonly NumberedOption[]): void;
  readonly receiveQueue: { readonly messages: number };
  readonly sender: { readonly sentMessages: number };
}

/** RFC 4895 has it from the beginning, empty. */
const NULL_KEY = 0;
/** Begins a message, or is the whole of it: in the flags of SCTP_SEND_FAILED. */
const FIRST_FRAGMENT = 2;

const DIFFER = "nothing that this end has sent was acknowledged, as where the keys of the two ends differ " +
  "(sctp.auth.keys), which no stack tells";
const DELETED =
  "as where the peer has deleted the key that it was signed with (deleteKey), which no stack tells";

export class Keys {
  readonly #handle: Handle;
  readonly #association: KeyPort;
  readonly #negotiation: Negotiation;
  /** The keys that this end can sign with. */
  readonly #numbers: Set<number>;
  /** To be deleted once nothing waits for its acknowledgement that was signed with them. */
  readonly #leaving = new Set<number>();
  /** Whether they are not those of the beginning any more, so that the peer's may not be either. */
  #haveChanged = false;
  /** Messages that have not been acknowledged to the last. */
  #lost = 0;

  constructor(handle: Handle, association: KeyPort, negotiation: Negotiation) {
    this.#handle = handle;
    this.#association = association;
    this.#negotiation = negotiation;
    this.#numbers = new Set(negotiation.scopes(OPTION.AUTH_KEY));
    if (!negotiation.hasAsked(OPTION.DELETE_AUTH_KEY)) this.#numbers.add(NULL_KEY);
  }

  /** Throws where there is no such key, or none at all. */
  require(number: number, syscall: string): void {
    this.#negotiation.require("auth");
    if (this.#numbers.has(number)) return;
    throw ownSystemError("EINVAL", syscall, {
      detail: `there is no key ${number}: set it before, by setKey()`,
    });
  }

  /** Adds a key, or puts another in its place. */
  set(number: number, key: Uint8Array): void {
    this.#negotiation.require("auth");
    this.#leaving.delete(number);
    this.#association.configure([[OPTION.AUTH_KEY, key, number]]);
    this.#haveChanged ||= this.#association.isUp;
    this.#numbers.add(number);
  }

  /** Signs with a key from now on. */
  activate(number: number): void {
    this.require(number, "setsockopt");
    this.#association.configure([[OPTION.AUTH_ACTIVE_KEY, number]]);
  }

  /** Signs nothing more with a key, and deletes it when all that it has signed was acknowledged. */
  delete(number: number): void {
    this.#negotiation.require("auth");
    if (!this.#association.isUp) throw notConnected("setsockopt");
    if (this.#handle.option(OPTION.AUTH_ACTIVE_KEY) === number) {
      const cure = "activate another one before, at both ends";
      throw wrongState("ERR_INVALID_STATE", `Key ${number} is the one that this end signs with: ${cure}`);
    }
    this.require(number, "setsockopt");
    this.#association.configure([
      [OPTION.EVENT, 1, NOTIFICATION.AUTHENTICATION], // FREE_KEY tells when
      [OPTION.DEACTIVATE_AUTH_KEY, 0, number],
    ]);
    this.#numbers.delete(number);
    this.#leaving.add(number);
  }

  onNotification(notification: DecodedNotification): void {
    const { content } = notification;
    if (content.type === "send-failed") {
      if (notification.sendFlags & FIRST_FRAGMENT) this.#lost++;
    } else if (content.type === "authentication" && content.change === "free-key") {
      if (!this.#leaving.delete(content.keyNumber)) return;
      this.#handle.configure([[OPTION.DELETE_AUTH_KEY, 0, content.keyNumber]]);
    }
  }

  /** What may be behind it that a peer lets nothing arrive and acknowledges nothing; "" for nothing. */
  #suspicionIf(isSilent: boolean): string {
    return isSilent && this.#negotiation.hasAsked(OPTION.AUTH_KEY) ? DIFFER : "";
  }

  /** What may be behind it that a peer acknowledges nothing, be it any more or from the beginning; "" for nothing. */
  suspicionOfStall(isSilent: boolean): string {
    return this.#suspicionIf(isSilent && this.#association.receiveQueue.messages === 0) ||
      (this.#haveChanged ? DELETED : "");
  }

  /** What may be behind a time-out, where nothing that was signed was ever acknowledged; "" for nothing. */
  get suspicion(): string {
    const { receiveQueue, sender } = this.#association;
    const isSilent = sender.sentMessages > 0 && this.#lost >= sender.sentMessages;
    return this.#suspicionIf(isSilent && receiveQueue.messages === 0);
  }
}
