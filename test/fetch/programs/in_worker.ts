/** echo.ts in a worker. */
const worker = new Worker(new URL("./echo.ts", import.meta.url), { type: "module" });
worker.addEventListener("error", (event) => console.log(event.message));
