import assert from "node:assert/strict";
import { work } from "./work.ts";

Deno.test("a turn ends well", async () => {
  await assert.doesNotReject(work());
});
