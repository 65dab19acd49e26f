import { parseArgs } from "node:util";
import { greeting } from "./greeting.js";

const { positionals } = parseArgs({ allowPositionals: true });

console.log(greeting(positionals[0]));
