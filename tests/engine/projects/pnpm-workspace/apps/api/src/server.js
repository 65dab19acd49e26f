import { createServer } from "node:http";
import { greeting } from "@shop/greet";

const server = createServer((request, response) => {
  response.end(request.url === "/healthz" ? "ok\n" : `${greeting("shop")}\n`);
});
server.listen(process.env.PORT ?? 3000);
process.on("SIGTERM", () => server.close());
