import { parseArgs } from "node:util";
import { greeting } from "./greeting.ts";

const { positionals } = parseArgs({ args: Bun.argv.slice(2), allowPositionals: true });

console.log(greeting(positionals[0]));
