/**
 * A runtime whose shim is a script: what core/ does where no library loads,
 * where a stack is missing, or where a call fails, without a socket.
 */
import type { Calls, Library, Runtime, Stack } from "../../core/native.ts";
import { LAYOUT_HASH } from "../../core/records.ts";
import { SYMBOLS } from "../../core/symbols.ts";

export interface FakeStack {
  /** What load() throws instead of giving a library. */
  loadError?: Error;
  /** What probe() answers, with this explanation. */
  probe?: number;
  explanation?: string;
  layoutHash?: number;
  /** Calls that do something. All others answer 0. */
  calls?: Partial<Calls>;
}

export interface FakeRuntime extends Runtime {
  readonly warnings: Array<{ message: string; code: string }>;
  readonly refs: boolean[];
  /** Wakes the loop of a stack, as its descriptor would. */
  wake(stack: Stack): void;
}

export function fakeRuntime(
  stacks: Partial<Record<Stack, FakeStack>>,
  environment: Record<string, string> = {},
): FakeRuntime {
  const wakes = new Map<Stack, () => void>();
  const fake: FakeRuntime = {
    warnings: [],
    refs: [],
    environment: (name) => environment[name],
    warn: (message, code) => void fake.warnings.push({ message, code }),
    wake: (stack) => wakes.get(stack)!(),
    load(stack): Library {
      const script = stacks[stack] ?? { loadError: new Error(`no ${stack} library`) };
      if (script.loadError) throw script.loadError;
      return {
        path: `fake_${stack}.so`,
        calls: callsOf(script),
        openLoop(wake) {
          wakes.set(stack, wake);
          return { loop: 0, setRef: (on) => void fake.refs.push(on) };
        },
      };
    },
  };
  return fake;
}

function callsOf(script: FakeStack): Calls {
  const silent = Object.fromEntries(Object.keys(SYMBOLS).map((name) => [name, () => 0]));
  const text = script.explanation ?? "";
  return {
    ...silent,
    layout_hash: () => script.layoutHash ?? LAYOUT_HASH,
    probe: () => script.probe ?? 0,
    explain: (out: Uint8Array) => {
      const bytes = new TextEncoder().encode(text);
      out.set(bytes);
      return bytes.length;
    },
    ...script.calls,
  } as Calls;
}
