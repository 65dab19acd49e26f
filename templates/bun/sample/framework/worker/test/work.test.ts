import { expect, test } from "bun:test";
import { work } from "../src/work.ts";

test("a turn ends well", async () => {
  expect(await work()).toBeUndefined();
});
