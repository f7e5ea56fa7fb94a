/** A handle of the shim's, an association's or a listener's: the calls that take it, on the loop that wakes it. */
import type { Loop, Waiter } from "./loop.ts";
import {
  type AddressInfo,
  addressOf,
  AddressRecord,
  CLOSE,
  encodeRequest,
  type NumberedOption,
  OPTION,
  OptionRecord,
  PathRecord,
  recordsOf,
  type Request,
  SIDE,
  Slab,
  StatisticsRecord,
  StatusRecord,
} from "./records.ts";

const ANSWER_COUNT = 64;

/** Memory for one answer: calls of all loops of a thread read it before the next is asked for. */
const answer = new Slab(ANSWER_COUNT * Math.max(AddressRecord.SIZE, PathRecord.SIZE));

export class Handle {
  readonly loop: Loop;
  readonly #waiter: Waiter;
  /** The shim's number; 0 while, and once, there is none. */
  number = 0;

  constructor(loop: Loop, waiter: Waiter) {
    this.loop = loop;
    this.#waiter = waiter;
  }

  get isOpen(): boolean {
    return this.number !== 0;
  }

  /** Takes over a handle that the shim has opened. */
  adopt(number: number): void {
    this.number = number;
    this.loop.add(number, this.#waiter);
  }

  /** Gives it up. */
  close(how: number): void {
    if (!this.isOpen) return;
    this.loop.remove(this.number);
    this.loop.calls.close(this.number, how);
    this.number = 0;
  }

  /** Gives it up with an ABORT that says why, if the stack can and there is anybody to say it to. */
  abort(reason: Uint8Array): void {
    if (!this.isOpen) return;
    if (this.loop.calls.abort(this.number, reason, reason.length) < 0) return this.close(CLOSE.ABORT);
    this.loop.remove(this.number);
    this.number = 0;
  }

  /**
   * Has the stack abort the association, give back what was not delivered, and then say ERROR.
   *
   * @returns false where it cannot, and nothing was done
   */
  giveUp(): boolean {
    return this.isOpen && this.configure([[OPTION.GIVE_UP, 0]]) === 0;
  }

  /** Has its waiter called once more after everything else had its turn. */
  yieldTurn(): void {
    this.loop.yieldTurn(this.#waiter);
  }

  get batch(): Slab {
    return this.loop.sendSlab;
  }

  send(batchBytes: number, count: number): number {
    return this.loop.calls.send(this.number, this.loop.sendSlab.bytes, batchBytes, count);
  }

  sendOne(head: Uint8Array, payload: Uint8Array): number {
    return this.loop.calls.send_one(this.number, head, payload, payload.length);
  }

  receive(slab: Slab): number {
    return this.loop.calls.receive(this.number, slab.bytes, slab.size);
  }

  shutdown(): number {
    return this.loop.calls.shutdown(this.number);
  }

  /**
   * Sets options; 0, also where there is no handle, or -errno.
   *
   * @param about the addresses that their scopes name
   */
  configure(options: readonly NumberedOption[], about?: Pick<Request, "local" | "remote">): number {
    if (!this.isOpen) return 0;
    const request = encodeRequest({ options, ...about });
    return this.loop.calls.configure(this.number, request, request.length);
  }

  /** The value of an option; 0 where there is no handle or the stack does not have it. */
  option(name: number): number {
    if (!this.isOpen) return 0;
    const request = encodeRequest({ options: [[name, 0]] });
    const { calls } = this.loop;
    const result = calls.inspect(this.number, request, request.length, answer.bytes, OptionRecord.SIZE);
    return result < 0 ? 0 : OptionRecord.read(answer, 0).value;
  }

  /**
   * What the peer has not acknowledged, and a number that is another one when it has acknowledged more since. 0 and 0
   * where there is no handle, or nothing is known.
   */
  acknowledgement(): { outstanding: number; acknowledged: number } {
    const request = encodeRequest({ options: [[OPTION.OUTSTANDING, 0], [OPTION.ACKNOWLEDGED, 0]] });
    const { calls } = this.loop;
    const result = calls.inspect(this.number, request, request.length, answer.bytes, 2 * OptionRecord.SIZE);
    if (result < 0) return { outstanding: 0, acknowledged: 0 };
    const [outstanding, acknowledged] = recordsOf(answer, OptionRecord, 2);
    return { outstanding: outstanding!.value, acknowledged: acknowledged!.value };
  }

  /** The values of options by their numbers, without those that the stack or the system lacks; or -errno. */
  values(names: readonly number[]): Map<number, number> | number {
    const { calls, lacking } = this.loop;
    for (;;) {
      const readable = names.filter((name) => !lacking.has(name));
      const request = encodeRequest({ options: readable.map((name) => [name, 0]) });
      const result = calls.inspect(this.number, request, request.length, answer.bytes, answer.size);
      if (result >= 0) {
        const records = recordsOf(answer, OptionRecord, readable.length);
        return new Map(records.map(({ name, value }) => [name, value]));
      }
      const option = calls.lacking_option();
      if (option === 0) return result;
      lacking.add(option);
    }
  }

  /** The UDP port of one end, where SCTP goes over UDP. */
  udpPort(side: "local" | "remote"): number | undefined {
    return this.option(side === "local" ? OPTION.LOCAL_UDP_PORT : OPTION.REMOTE_UDP_PORT) || undefined;
  }

  /** The addresses of one side; undefined when they are not known. */
  addresses(side: "local" | "remote"): AddressInfo[] | undefined {
    return this.isOpen ? addressesOf(this.loop, this.number, side) : undefined;
  }

  /** The state and the counters of an association, or -errno. */
  status(): StatusRecord | number {
    const result = this.loop.calls.status(this.number, answer.bytes, StatusRecord.SIZE);
    return result < 0 ? result : StatusRecord.read(answer, 0);
  }

  /** What the stack has counted of an association; undefined where it does not tell any more. */
  statistics(): StatisticsRecord | undefined {
    const result = this.loop.calls.statistics(this.number, answer.bytes, StatisticsRecord.SIZE);
    return result < 0 ? undefined : StatisticsRecord.read(answer, 0);
  }

  /** The paths of an association; empty when they are not known. */
  paths(): PathRecord[] {
    const count = this.loop.calls.paths(this.number, answer.bytes, ANSWER_COUNT * PathRecord.SIZE);
    return recordsOf(answer, PathRecord, count);
  }
}

/** The addresses of one side of a handle that nobody has adopted; undefined when they are not known. */
export function addressesOf(loop: Loop, number: number, side: "local" | "remote"): AddressInfo[] | undefined {
  const which = side === "local" ? SIDE.LOCAL : SIDE.REMOTE;
  const count = loop.calls.addresses(number, which, answer.bytes, ANSWER_COUNT * AddressRecord.SIZE);
  const found = recordsOf(answer, AddressRecord, count).map(addressOf).filter((one) => one !== null);
  return found.length > 0 ? found : undefined;
}
