import "reflect-metadata";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module.js";

const app = await NestFactory.create(AppModule);
// As the first process of a container, Node.js ignores SIGTERM unless it is told otherwise.
app.enableShutdownHooks();
await app.listen(process.env.PORT ?? 3000);
