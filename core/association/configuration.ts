/** The options of an association that are asked for again, or follow from its addresses. */
import type { Addresses } from "./addresses.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { CONFIGURATION, configurationOf } from "../options/configuration.ts";
import { RetransmissionLimit } from "./retransmission_limit.ts";
import type { SctpOptions } from "../options/sctp_options.ts";
import type { Handle } from "../shim/handle.ts";
import type { NumberedOption } from "../shim/records.ts";

export class Configuration {
  readonly #handle: Handle;
  readonly #addresses: Addresses;
  readonly #lifecycle: Lifecycle;
  readonly #limit: RetransmissionLimit;

  constructor(
    handle: Handle,
    addresses: Addresses,
    lifecycle: Lifecycle,
    options: readonly NumberedOption[],
  ) {
    this.#handle = handle;
    this.#addresses = addresses;
    this.#lifecycle = lifecycle;
    this.#limit = new RetransmissionLimit(options);
  }

  /** Notes options that were set. */
  note(options: readonly NumberedOption[]): void {
    this.#limit.note(options);
    this.follow();
  }

  /** The peer may have other addresses than before: sets what follows from their number. */
  follow(): void {
    if (!this.#limit.isDerived || !this.#lifecycle.isUp) return;
    this.#handle.configure(this.#limit.rows(this.#addresses.remote.length));
  }

  /**
   * The options of `sctp` as the stack has them.
   *
   * @throws what the stack refuses to tell them with
   */
  read(): SctpOptions {
    const values = this.#handle.values(CONFIGURATION);
    if (typeof values === "number") throw this.#handle.loop.error(values, "getsockopt");
    return configurationOf(values);
  }
}
