/** echo.ts in a worker. Arguments: those of echo.ts. */
import process from "node:process";

const worker = new Worker(new URL("./echo.ts", import.meta.url), { type: "module" });
worker.addEventListener("error", (event) => {
  event.preventDefault();
  console.log(event.message);
  process.exit();
});
