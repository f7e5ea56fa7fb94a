/** The names that the interfaces of options have are those of the table (c/sctp_options.def). */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AssociationOptions, SctpOptions } from "../../core/options/association.ts";
import type { ConnectOptions } from "../../core/options/connect.ts";
import { OPTIONS } from "../../core/options/options.gen.ts";
import type { ListenOptions } from "../../core/options/server.ts";

/** The paths to all that is no object. */
type Paths<T> = {
  [K in keyof T & string]-?: NonNullable<T[K]> extends object ? `${K}.${Paths<NonNullable<T[K]>>}` : K;
}[keyof T & string];
type Equal<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

type Path = Exclude<(typeof OPTIONS)[keyof typeof OPTIONS]["path"], "">;
type InSctp = Extract<Path, `sctp.${string}`>;

const sctpIsWhole: Equal<`sctp.${Paths<SctpOptions>}`, InSctp> = true;
const othersExist: Exclude<Path, InSctp> extends keyof (AssociationOptions & ConnectOptions & ListenOptions)
  ? true
  : false = true;

test("the compiler has compared them; a name is one option's", () => {
  assert.ok(sctpIsWhole && othersExist);
  const paths = Object.values(OPTIONS).map(({ path }) => path).filter((path) => path !== "");
  assert.is(new Set(paths).size, paths.length);
});

test.run();
