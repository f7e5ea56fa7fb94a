/** Where only the limit of retransmissions on one path is given, the association's follows from it. */
import { associationLimit } from "../options/association_limit.ts";
import { type NumberedOption, OPTION } from "../shim/records.ts";

export class RetransmissionLimit {
  #ofPath: number | undefined;
  #isOwn = false;
  #set = 0;

  /** @param options those that the association is begun with */
  constructor(options: readonly NumberedOption[]) {
    this.note(options);
  }

  /** Notes options that are set for all paths. */
  note(options: readonly NumberedOption[]): void {
    for (const [option, value, scope = 0] of options) {
      if (option === OPTION.ASSOCIATION_RETRANSMISSIONS) this.#isOwn = true;
      else if (option === OPTION.PATH_RETRANSMISSIONS && scope === 0) this.#ofPath = value as number;
    }
  }

  /** Whether it follows from the number of addresses. */
  get isDerived(): boolean {
    return this.#ofPath !== undefined && !this.#isOwn;
  }

  /** The row that sets the association's limit, with so many addresses of the peer; none where nothing changes. */
  rows(addressCount: number): NumberedOption[] {
    if (!this.isDerived) return [];
    const limit = associationLimit(this.#ofPath!, addressCount);
    if (limit === undefined || limit === this.#set) return [];
    this.#set = limit;
    return [[OPTION.ASSOCIATION_RETRANSMISSIONS, limit]];
  }
}
