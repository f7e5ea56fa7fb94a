/** A line on a terminal that is written over while a run goes on. */
import process from "node:process";

const WIDTH = 24;
const EVERY_MS = 200;
const CLEAR = "\r\x1b[K";

/**
 * Shows a bar until the function it returns is called.
 *
 * @param state how much is done, 0 to 1, and what to say beside it
 */
export function showProgress(state: () => { done: number; text: string }): () => void {
  const stream = process.stderr;
  if (!stream.isTTY) return () => {};
  const draw = () => {
    const { done, text } = state();
    const full = Math.round(Math.min(done, 1) * WIDTH);
    const line = `[${"#".repeat(full)}${".".repeat(WIDTH - full)}] ${text}`;
    stream.write(CLEAR + line.slice(0, (stream.columns || 80) - 1));
  };
  draw();
  const timer = setInterval(draw, EVERY_MS);
  return () => {
    clearInterval(timer);
    stream.write(CLEAR);
  };
}
