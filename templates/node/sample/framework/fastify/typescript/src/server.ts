import { app } from "./app.ts";

// As the first process of a container, Node.js ignores SIGTERM unless it is told otherwise.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    app.log.info("stopping");
    app.close();
    // Open requests get 8 of the 10 seconds that `docker stop` waits.
    setTimeout(() => app.server.closeAllConnections(), 8_000).unref();
  });
}

// Without a host it would listen for this machine only, which in a container is nobody.
await app.listen({ host: "0.0.0.0", port: Number(process.env.PORT ?? 3000) });
