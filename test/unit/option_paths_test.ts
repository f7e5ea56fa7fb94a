/** The names that the interfaces of options have are those of the table (c/sctp_options.def). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AssociationOptions } from "../../core/options/association.ts";
import type { ConnectOptions } from "../../core/options/connect.ts";
import { OPTIONS } from "../../core/options/options.gen.ts";
import type { SctpOptions } from "../../core/options/sctp_options.ts";
import type { ListenOptions } from "../../core/options/server.ts";

/** The paths to all that is no object; of what may be either, both. */
type Paths<T> = { [K in keyof T & string]-?: PathsFrom<K, NonNullable<T[K]>> }[keyof T & string];
type PathsFrom<K extends string, V> = V extends readonly unknown[] | Record<number, Uint8Array> ? K
  : V extends object ? `${K}.${Paths<V>}`
  : K;

/** Other names of rows that have one at the top, as node-lksctp's. */
type Aliases = "preset" | "streams.outbound" | "streams.inbound";
/** What only this package heeds: no stack is told. */
type Ours = "send" | "receiveInfo" | "stallTimeout";
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Said by what is below it. */
type Implied = "sctp.auth";
type Path = Exclude<(typeof OPTIONS)[keyof typeof OPTIONS]["path"], "" | Implied>;
type InSctp = Extract<Path, `sctp.${string}`>;

const sctpIsWhole: Equal<`sctp.${Exclude<Paths<Omit<SctpOptions, Ours>>, Aliases>}`, InSctp> = true;
const othersExist: Exclude<Path, InSctp> extends keyof (AssociationOptions & ConnectOptions & ListenOptions)
  ? true
  : false = true;

test("the compiler has compared them; a name is one option's", () => {
  assert.ok(sctpIsWhole && othersExist);
  const paths = Object.values(OPTIONS).map(({ path }) => path).filter((path) => path !== "");
  assert.is(new Set(paths).size, paths.length);
});

test.run();
