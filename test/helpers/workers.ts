/** Workers of either kind, given orders that test/helpers/worker_body.mjs obeys. */
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { Worker as NodeWorker } from "node:worker_threads";

export type Order =
  | { order: "serve" }
  | { order: "say"; host: string; port: number; text: string }
  | { order: "leaveAlone" }
  | { order: "exit"; code: number };

export interface TestWorker {
  /** Has it do something that it answers. */
  ask<T>(order: Order): Promise<T>;
  /** Has it do something that it cannot answer. */
  tell(order: Order): void;
  terminate(): Promise<unknown>;
}

const BODY = pathToFileURL("test/helpers/worker_body.mjs");

/** A worker of node:worker_threads, and its exit status once it has ended. */
export function startWorker(): TestWorker & { ended: Promise<number> } {
  const worker = new NodeWorker(BODY);
  return {
    async ask(order) {
      const answer = once(worker, "message");
      worker.postMessage(order);
      return (await answer)[0];
    },
    tell: (order) => worker.postMessage(order),
    terminate: () => worker.terminate(),
    ended: once(worker, "exit").then(([code]) => code as number),
  };
}

interface WebWorker extends EventTarget {
  postMessage(message: unknown): void;
  terminate(): void;
}

type WebWorkerClass = new (url: URL, options: { type: "module" }) => WebWorker;

/** A worker as browsers have them, where the runtime has them too. */
export function startWebWorker(): TestWorker {
  const { Worker } = globalThis as unknown as { Worker: WebWorkerClass };
  const worker = new Worker(BODY, { type: "module" });
  return {
    ask: (order) =>
      new Promise((resolve) => {
        const settle = (event: Event) => resolve((event as MessageEvent).data);
        worker.addEventListener("message", settle, { once: true });
        worker.postMessage(order);
      }),
    tell: (order) => worker.postMessage(order),
    terminate: () => Promise.resolve(worker.terminate()),
  };
}
