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

const V8_THREADS =
  "Each end has one processor, and V8's threads, which collect and compile beside the program, take it now and then: with " +
  "`--single-threaded-gc` Deno's p99 is 128 to 135 µs in place of 156, of C's 77 to 117. Rounds differ by half.";

const REASONS: readonly Reason[] = [
  {
    where: /^userspace\/flood 64 B/,
    reason:
      "C takes 0.2 µs a message. JavaScript adds 0.05 µs to write one (the stream's entry for it) and 0.075 µs to " +
      "make the Buffer of one that came, measured over a stack that does nothing; nothing more than that Buffer is allocated.",
  },
  {
    where: /^userspace\/flood .* KB\/deno/,
    reason:
      "The receiver's messages lie outside V8's heap, and Deno's V8 (14) answers their growth with full collections, 58 in " +
      "1.7 s at 64 KB; Node's (11) with 97 of the young generation. Marking takes a tenth of the receiver's thread, and its " +
      "helpers a third of a processor from the sender, as there are two. Memory that is not cleared first, and larger " +
      "receive buffers, made no difference.",
  },
  {
    where: /^userspace\/flood .* KB/,
    reason:
      "The sender is the bottleneck at both, and slows down by what the receiver does beside it: with C at the other " +
      "end it reaches 0.91 to 0.95. The receiver copies each message once more than C, into memory that its user may keep.",
  },
  { where: /^userspace\/ping-pong .*\/p99/, reason: V8_THREADS },
  { where: /^kernel\/flood (1|8|64) KB/, reason: GUEST_PAGES },
  {
    where: /^kernel\/associations/,
    reason:
      "Collecting the young generation among 10,000 sockets took 62 and 173 ms of a window of 2 s: what survives moves to fresh " +
      "pages, which cost the guest 35 to 160 µs each.",
  },
  {
    where: /^kernel\/idle .*\/deno/,
    reason:
      "Nothing is polled: 4 wakes in 20 s with 1,000 associations. V8 uses the quiet to reduce its heap: two collections some 16 s " +
      "after the last work took 62 ms of processor time.",
  },
  { where: /^kernel\/ping-pong .*\/p99/, reason: GUEST_TICK },
  { where: /^kernel\/(ping-pong|cycles)/, reason: GUEST_CLOCK },
  {
    where: /^userspace\/cycles.*\/deno/,
    reason:
      "Of the client's thread 60 % is the stack itself (28 µs a cycle, of C's 23), 9 % collects garbage, and the rest is spread " +
      "over Deno's streams, events and timers, none of them above 1.2 %. One by one it is woken twice as often as Node, on which " +
      "the native part handles half of the wakes without JavaScript.",
  },
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
