import { setTimeout as sleep } from "node:timers/promises";
import { work } from "./work.ts";

const INTERVAL = 10_000; // milliseconds between two turns

const stop = new AbortController();
// As the first process of a container, Bun ignores SIGTERM unless it is told otherwise.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => stop.abort());
}

console.log("started");
while (!stop.signal.aborted) {
  await work();
  await sleep(INTERVAL, undefined, { signal: stop.signal }).catch(() => {});
}
console.log("stopped");
