import { work } from "./work.ts";

const INTERVAL = 10_000; // milliseconds between two turns

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => stop.abort());
}

/** Waits for the next turn, or for the end. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, INTERVAL);
    stop.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

console.log("started");
while (!stop.signal.aborted) {
  await work();
  await pause();
}
console.log("stopped");
Deno.exit(0);
