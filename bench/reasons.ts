/** Why a target is not reached, as profiling has shown. Written by hand; stands in docs/benchmarks.md beside the figure. */
import type { Row } from "./figures.ts";

interface Reason {
  /** Of "STACK/TRIAL/DRIVER/FIGURE", such as "kernel/flood 64 B/node/rate to c-mmsg". */
  where: RegExp;
  reason: string;
}

const GUEST_CLOCK =
  "In the guest each look at the clock is a system call (it has no vDSO), and Node's loop looks 15 times " +
  "for each wake. With epoll_wait() twice, recvmmsg() and sendmmsg() that is 19 calls where C blocks in two; a call takes " +
  "10 to 50 µs there, 0.15 µs on the machine's own kernel.";
const GUEST_PAGES =
  "A page that is touched for the first time costs the guest 35 to 160 µs (1.4 µs on the machine's own " +
  "kernel), and messages of JavaScript's own lie in fresh memory: one or two such pages for each 8 KB.";
const GUEST_TICK =
  "The guest's one processor is given to another thread only at a tick of 10 ms where two want it: a " +
  "runtime's threads for garbage and for compiling take such a turn now and then.";

const REASONS: readonly Reason[] = [
  {
    where: /^userspace\/flood 64 B/,
    reason:
      "C takes 0.2 µs a message. JavaScript adds 0.05 µs to write one (the stream's entry for it) and 0.075 µs to " +
      "make the Buffer of one that came, measured over a stack that does nothing; nothing more than that Buffer is allocated.",
  },
  {
    where: /^userspace\/flood .* KB/,
    reason:
      "The sender is the bottleneck at both, and slows down by what the receiver does beside it: with C at the other " +
      "end it reaches 0.91 to 0.95. The receiver copies each message once more than C, into memory that its user may keep.",
  },
  { where: /^kernel\/flood (8|64) KB/, reason: GUEST_PAGES },
  { where: /^kernel\/ping-pong .*\/p99/, reason: GUEST_TICK },
  { where: /^kernel\/(ping-pong|cycles)/, reason: GUEST_CLOCK },
  {
    where: /^userspace\/cycles/,
    reason:
      "A cycle is four wakes at the client and five at the server, of which the native part handles two without " +
      "JavaScript; the others cost about 8 µs more than C's. Of 100 at a time most of the rest is the stack itself.",
  },
  {
    where: /^userspace\/associations/,
    reason:
      "The same in C: each association is silent for longer than the delay of its acknowledgements, so each message " +
      "costs a packet of its own for that, and the memory of an association is cold when its turn comes.",
  },
];

export function reasonFor({ stack, trial, driver }: Row, figure: string): string | undefined {
  return REASONS.find(({ where }) => where.test(`${stack}/${trial}/${driver}/${figure}`))?.reason;
}
