/**
 * How long it takes until a peer that went silent is given up: RFC 9260
 * sections 6.3.3 (back-off), 8.1, 8.2 and 8.3 (counters, heartbeats) and
 * RFC 7829 section 5 (a path that may have failed is probed each RTO), for one
 * path, on Linux. The kernel scatters heartbeats by half an RTO either way;
 * this is the time without that.
 */

/** As net.sctp.* has them. Times are milliseconds. */
export interface Timers {
  rtoInitial: number;
  rtoMin: number;
  rtoMax: number;
  heartbeatInterval: number;
  /** Association.Max.Retrans */
  associationMaxRetrans: number;
  /** Path.Max.Retrans */
  pathMaxRetrans: number;
  /** Errors after which a path may have failed; Infinity where that is not looked at. */
  potentiallyFailedAt: number;
  /** Max.Init.Retransmits */
  maxInitRetransmits: number;
}

/** Errors in a row, and what they do to the path. */
class Path {
  errors = 0;
  rto: number;
  isHeartbeatOut = false;
  readonly #timers: Timers;

  constructor(timers: Timers) {
    this.#timers = timers;
    this.rto = timers.rtoMin; // of a short round trip
  }

  get isGivenUp(): boolean {
    return this.errors >= this.#timers.associationMaxRetrans;
  }

  strike(): void {
    this.errors++;
    this.rto = Math.min(2 * this.rto, this.#timers.rtoMax);
  }

  /** The first one that goes out has not failed yet. */
  heartbeat(): void {
    if (this.isHeartbeatOut) this.strike();
    this.isHeartbeatOut = true;
  }

  get untilHeartbeat(): number {
    const { potentiallyFailedAt, pathMaxRetrans, heartbeatInterval } = this.#timers;
    const mayHaveFailed = this.errors > potentiallyFailedAt && this.errors <= pathMaxRetrans;
    return this.rto + (mayHaveFailed ? 0 : heartbeatInterval);
  }
}

/** Until the association fails, with data on its way when the peer went silent. */
export function detectionUnderLoad(timers: Timers): number {
  const path = new Path(timers);
  let retransmission = path.rto;
  let heartbeat = path.untilHeartbeat;
  for (;;) {
    const now = Math.min(retransmission, heartbeat);
    if (path.isGivenUp) return now;
    const wasActive = path.errors <= timers.potentiallyFailedAt;
    if (retransmission === now) {
      path.strike();
      retransmission = now + path.rto;
    } else {
      path.heartbeat();
      heartbeat = now + path.untilHeartbeat;
    }
    // Once it may have failed, the next one is due after an RTO.
    if (wasActive && path.errors > timers.potentiallyFailedAt) {
      heartbeat = Math.min(heartbeat, now + path.untilHeartbeat);
    }
  }
}

/** The same with nothing to send; the peer went silent just after it had answered a heartbeat. */
export function detectionIdle(timers: Timers): number {
  const path = new Path(timers);
  let now = path.untilHeartbeat;
  while (!path.isGivenUp) {
    path.heartbeat();
    now += path.untilHeartbeat;
  }
  return now;
}

/** Until connect() fails where nothing answers INIT (RFC 9260 section 5.1, 8.1). */
export function connectGivenUp(timers: Timers): number {
  let rto = timers.rtoInitial;
  let total = 0;
  for (let sent = 0; sent <= timers.maxInitRetransmits; sent++) {
    total += rto;
    rto = Math.min(2 * rto, timers.rtoMax);
  }
  return total;
}
