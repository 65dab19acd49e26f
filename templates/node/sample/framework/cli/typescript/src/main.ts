import { parseArgs } from "node:util";
import { greeting } from "./greeting.ts";

const { positionals } = parseArgs({ allowPositionals: true });

console.log(greeting(positionals[0]));
