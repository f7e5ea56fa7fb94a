/** What was counted of an association: by its queues here, and by the stack, which is asked while it is up. */
import type { Association } from "./association.ts";
import type { Handle } from "../shim/handle.ts";
import type { Lifecycle } from "./lifecycle.ts";
import type { StatisticsRecord } from "../shim/records.ts";

/** How much of something: messages, and their payload. */
export interface Amount {
  /** Whole messages. */
  messages: number;
  /** Their payload. */
  bytes: number;
}

/**
 * What was counted of an association. The first five are counted here, to the end; the others by the stack, as of when
 * it was last asked: undefined before, and where it does not count them.
 */
export interface AssociationStatistics {
  /** Whole messages received. */
  messagesIn: number;
  /** Messages that the stack has taken. */
  messagesOut: number;
  /** Payload received, with that of messages of which the rest has not come. */
  bytesIn: number;
  /** Payload that the stack has taken. */
  bytesOut: number;
  /** What was written and the stack has not taken yet. */
  waiting: Amount;
  /** Messages given up by their partial reliability before and after they were sent (RFC 7496 section 4.4). */
  abandoned?: { unsent: number; sent: number };
  /** Packets received. */
  packetsIn?: number;
  /** Packets sent. */
  packetsOut?: number;
  /** DATA chunks sent again, each time. */
  retransmitted?: number;
  /** SACK chunks received. */
  sacksIn?: number;
  /** SACK chunks sent. */
  sacksOut?: number;
  /** DATA chunks that came again. */
  duplicates?: number;
  /** Blocks in the SACKs received that lie behind a gap: what the peer has, while it misses something before it. */
  gaps?: number;
  /** DATA chunks received of unordered messages. */
  unorderedIn?: number;
  /** DATA chunks sent of unordered messages. */
  unorderedOut?: number;
  /** The highest retransmission time-out of any path, in milliseconds. The kernel's stack only. */
  highestRto?: number;
}

/** What of it the stack counts. */
type StackStatistics = Omit<
  AssociationStatistics,
  "messagesIn" | "messagesOut" | "bytesIn" | "bytesOut" | "waiting"
>;

/**
 * Of an association, which there may not be yet.
 *
 * @param held what its producer has not passed on to it
 */
export function statisticsOf(association: Association | undefined, held: Amount): AssociationStatistics {
  const { receiveQueue, sender, statistics, state } = association ?? {};
  const { messages, bytes } = state === "closed" ? { messages: 0, bytes: 0 } : held;
  const { abandoned, ...ofStack } = statistics?.ofStack() ?? {};
  return {
    messagesIn: receiveQueue?.messages ?? 0,
    messagesOut: sender?.sentMessages ?? 0,
    bytesIn: receiveQueue?.bytes ?? 0,
    bytesOut: sender?.sentBytes ?? 0,
    waiting: { messages: messages + (sender?.length ?? 0), bytes: bytes + (sender?.bytes ?? 0) },
    // What was given up in the queue here, a stack has never seen.
    ...(abandoned && { abandoned: { ...abandoned, unsent: abandoned.unsent + sender!.givenUp } }),
    ...ofStack,
  };
}

/** What the stack counts. */
export class Statistics {
  readonly #handle: Pick<Handle, "statistics">;
  readonly #lifecycle: Pick<Lifecycle, "isUp">;
  #last: StatisticsRecord | undefined;
  /** In milliseconds: a stack begins again with its own once it has told it. */
  #highestRto = 0;

  constructor(handle: Pick<Handle, "statistics">, lifecycle: Pick<Lifecycle, "isUp">) {
    this.#handle = handle;
    this.#lifecycle = lifecycle;
  }

  /** As of now; of an association that is over, as of when the stack was last asked. */
  ofStack(): StackStatistics {
    this.note();
    if (this.#last === undefined) return {};
    const { abandonedUnsent: unsent, abandonedSent: sent, highestRtoMs: _, ...others } = this.#last;
    const highestRto = this.#highestRto;
    return { ...others, abandoned: { unsent, sent }, ...(highestRto > 0 && { highestRto }) };
  }

  /** Asks the stack, for those who want to know after the end. */
  note(): void {
    const counts = this.#lifecycle.isUp ? this.#handle.statistics() : undefined;
    if (counts === undefined) return;
    this.#highestRto = Math.max(counts.highestRtoMs, this.#highestRto);
    this.#last = counts;
  }
}
