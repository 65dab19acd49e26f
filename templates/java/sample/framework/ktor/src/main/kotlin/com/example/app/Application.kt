package com.example.app

import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCallPipeline
import io.ktor.server.application.ApplicationStopPreparing
import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty
import java.util.concurrent.atomic.AtomicInteger

fun main() {
    val port = System.getenv("PORT")?.toInt() ?: 8080
    val server = embeddedServer(Netty, port) {
        finishRequests()
        routes()
    }
    server.start(wait = true)
}

/**
 * On SIGTERM Ktor stops by itself, but waits for no request in flight: those get 4 of the 10 seconds that `docker stop`
 * waits.
 */
private fun Application.finishRequests() {
    val inFlight = AtomicInteger()
    intercept(ApplicationCallPipeline.Setup) {
        inFlight.incrementAndGet()
        try {
            proceed()
        } finally {
            inFlight.decrementAndGet()
        }
    }
    monitor.subscribe(ApplicationStopPreparing) {
        val deadline = System.nanoTime() + 4_000_000_000
        while (inFlight.get() > 0 && System.nanoTime() < deadline) Thread.sleep(10)
    }
}
