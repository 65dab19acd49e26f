package com.example.app;

/** What is done in each round. */
final class Work {
    static String once() {
        return "working";
    }
}
