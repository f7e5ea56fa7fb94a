/** How an association's limit of retransmissions follows from that of its paths. */
import { OPTIONS } from "./options.gen.ts";

/**
 * With a smaller limit, one path that fails would take the association with it, although another works: the heartbeats
 * that go on to it count as errors of the association until one on the other path is answered (RFC 9260 section 8.1).
 */
const LEAST = 3;

/**
 * As much on each of the peer's addresses (RFC 9260 section 8.2): with fewer the association would fail while a path might
 * still work, with more it would go on although none is left. Undefined where the association keeps its own limit.
 */
export function associationLimit(ofPath: number, addressCount: number): number | undefined {
  if (ofPath < LEAST) return undefined;
  return Math.min(ofPath * addressCount, OPTIONS.ASSOCIATION_RETRANSMISSIONS.most);
}
