import { app } from "./app.ts";

const port = Number(process.env.PORT ?? 3000);

const server = app.listen(port, (error) => {
  if (error) throw error;
  console.log(`listening on port ${port}`);
});

// As the first process of a container, Node.js ignores SIGTERM unless it is told otherwise.
for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    console.log("stopping");
    server.close();
    // Open requests get 8 of the 10 seconds that `docker stop` waits.
    setTimeout(() => server.closeAllConnections(), 8_000).unref();
  });
}
