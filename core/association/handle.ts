/** The handle of an association: the calls of the shim that take it, on the loop that wakes it. */
import type { Loop, Waiter } from "../shim/loop.ts";
import type { AddressInfo, NumberedOption, Slab } from "../shim/records.ts";

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

  /** Sets options; 0, or -errno. */
  configure(options: readonly NumberedOption[]): number {
    return this.isOpen ? this.loop.configure(this.number, options) : 0;
  }

  /** The value of an option; 0 where there is no handle or the stack does not have it. */
  option(name: number): number {
    return this.isOpen ? Math.max(this.loop.inspect(this.number, name), 0) : 0;
  }

  /** The addresses of one side; undefined when they are not known. */
  queryAddresses(side: "local" | "remote"): AddressInfo[] | undefined {
    if (!this.isOpen) return undefined;
    const found = this.loop.addresses(this.number, side);
    return found.length > 0 ? found : undefined;
  }
}
