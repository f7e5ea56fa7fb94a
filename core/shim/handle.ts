/** A handle of the shim's, an association's or a listener's: the calls that take it, on the loop that wakes it. */
import type { Loop, Waiter } from "./loop.ts";
import {
  type AddressInfo,
  addressOf,
  AddressRecord,
  encodeRequest,
  type NumberedOption,
  OPTION,
  OptionRecord,
  PathRecord,
  recordsOf,
  SIDE,
  Slab,
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

  /** Sets options; 0, also where there is no handle, or -errno. */
  configure(options: readonly NumberedOption[]): number {
    if (!this.isOpen) return 0;
    const request = encodeRequest({ options });
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
