package com.example.app;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;

public final class Application {
    public static void main(String[] args) throws IOException, InterruptedException {
        var port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8080"));
        var server = Server.start(port);
        System.out.println("listening on port " + port);

        // On SIGTERM: no new requests, and those in flight get up to four seconds.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> server.stop(4)));
        new CountDownLatch(1).await();
    }
}
