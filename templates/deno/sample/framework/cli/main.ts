import { greeting } from "./greeting.ts";

console.log(greeting(Deno.args[0]));
