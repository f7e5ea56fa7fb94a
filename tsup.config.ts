import { fileURLToPath } from "node:url";
import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["mod.ts"],
  format: ["esm", "cjs"],
  target: "node20",
  dts: true,
  shims: true,
  sourcemap: true,
  external: ["koffi"],
  // Left alone, esbuild would keep `#runtime` as an import to be resolved by whoever runs dist/; there the
  // mapping names .ts files that the published package does not hold.
  esbuildPlugins: [{
    name: "runtime-of-node",
    setup(build) {
      const path = fileURLToPath(new URL("./runtimes/node.ts", import.meta.url));
      build.onResolve({ filter: /^#runtime$/ }, () => ({ path }));
    },
  }],
});
