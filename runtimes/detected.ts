/**
 * The npm package's runtime: the one that loads it. So whichever way a build is found (a path, `main`, a bundler,
 * Deno's `require()`), it is the right one (docs/decisions/0031-one-build.md).
 */
import process from "node:process";
import type { Runtime } from "../core/shim/native.ts";
import { runtime as bun } from "./bun.ts";
import { runtime as deno } from "./deno.ts";
import { runtime as node } from "./node.ts";

export const runtime: Runtime = process.versions.deno ? deno : process.versions.bun ? bun : node;
