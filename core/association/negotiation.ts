/** What both ends of an association have to ask for in INIT, and which of them has not. */
import { notNegotiated } from "../errors.ts";
import type { Handle } from "../shim/handle.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";

/** What both ends of an association have, as they have told each other at its beginning. */
export interface NegotiatedFeatures {
  /** Chunks are authenticated (RFC 4895). */
  auth: boolean;
  /** Messages can be given up (RFC 3758). */
  partialReliability: boolean;
  /** Addresses can come and go (RFC 5061). */
  dynamicAddresses: boolean;
  /** Streams can be reset and added (RFC 6525). */
  reconfiguration: boolean;
  /** Messages of several streams can be sent interleaved (RFC 8260). Never on the userspace stack. */
  interleaving: boolean;
  /** Routers can mark packets in place of dropping them (RFC 9260 appendix A). Never on the userspace stack. */
  ecn: boolean;
}

/** Where the stack says so: 1 where both ends have it. */
const FEATURES = {
  auth: OPTION.AUTHENTICATION,
  partialReliability: OPTION.PARTIAL_RELIABILITY,
  dynamicAddresses: OPTION.DYNAMIC_ADDRESSES,
  reconfiguration: OPTION.RECONFIGURATION,
  interleaving: OPTION.INTERLEAVING,
  ecn: OPTION.ECN,
} as const satisfies Record<keyof NegotiatedFeatures, number>;

/** Those that this end needs for something that a program asks for. */
type Needed = "auth" | "dynamicAddresses";

export class Negotiation {
  readonly #handle: Handle;
  readonly #lifecycle: { readonly isUp: boolean };
  readonly #asked: readonly NumberedOption[];
  #features: Readonly<NegotiatedFeatures> | undefined;

  /** @param asked what this end has begun the association with */
  constructor(handle: Handle, lifecycle: { readonly isUp: boolean }, asked: readonly NumberedOption[]) {
    this.#handle = handle;
    this.#lifecycle = lifecycle;
    this.#asked = asked;
  }

  /** Whether this end has begun the association with an option, whatever its value. */
  hasAsked(option: number): boolean {
    return this.#asked.some(([name]) => name === option);
  }

  /** What this end has begun the association with for an option: the number of each key, the type of each chunk. */
  scopes(option: number): number[] {
    return this.#asked.filter(([name]) => name === option).map(([, , scope]) => scope ?? 0);
  }

  /**
   * Throws where the association does not have a feature: before it is up, where this end has not asked for it.
   *
   * @throws ERR_SCTP_NOT_NEGOTIATED
   */
  require(feature: Needed): void {
    const { isUp } = this.#lifecycle;
    if (isUp && this.#has(feature)) return;
    if (!this.#asksFor(feature)) throw notNegotiated(feature, "local");
    if (isUp) throw notNegotiated(feature, "peer");
  }

  #has(feature: keyof NegotiatedFeatures): boolean {
    return this.#handle.option(FEATURES[feature]) === 1;
  }

  /** As of now; of an association that is over, as of when it was last asked; undefined where that never was. */
  get features(): Readonly<NegotiatedFeatures> | undefined {
    if (this.#lifecycle.isUp) {
      const values = this.#handle.values(Object.values(FEATURES));
      const has = (option: number) => typeof values !== "number" && values.get(option) === 1;
      const pairs = Object.entries(FEATURES).map(([feature, option]) => [feature, has(option)]);
      this.#features = Object.freeze(Object.fromEntries(pairs) as NegotiatedFeatures);
    }
    return this.#features;
  }

  /** The userspace stack asks unless told otherwise. */
  #asksFor(feature: Needed): boolean {
    const row = this.#asked.find(([option]) => option === FEATURES[feature]);
    return row === undefined ? this.#handle.loop.stack === "userspace" : row[1] === 1;
  }
}
