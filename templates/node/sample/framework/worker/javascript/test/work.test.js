import assert from "node:assert/strict";
import { test } from "node:test";
import { work } from "../src/work.js";

test("a turn ends well", async () => {
  await assert.doesNotReject(work());
});
