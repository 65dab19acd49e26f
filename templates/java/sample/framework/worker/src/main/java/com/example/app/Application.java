package com.example.app;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

public final class Application {
    private static final int SECONDS_BETWEEN = 10;

    public static void main(String[] args) {
        var rounds = Executors.newSingleThreadScheduledExecutor();
        rounds.scheduleWithFixedDelay(Application::round, 0, SECONDS_BETWEEN, TimeUnit.SECONDS);

        // On SIGTERM: the round that is under way is completed, none begins.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(rounds)));
    }

    private static void round() {
        try {
            System.out.println(Work.once());
        } catch (RuntimeException failure) {
            // The next round comes all the same.
            failure.printStackTrace();
        }
    }

    private static void stop(ExecutorService rounds) {
        rounds.shutdown();
        try {
            if (!rounds.awaitTermination(4, TimeUnit.SECONDS)) {
                rounds.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        System.out.println("stopped");
    }
}
