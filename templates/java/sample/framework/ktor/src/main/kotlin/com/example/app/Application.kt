package com.example.app

import io.ktor.server.engine.embeddedServer
import io.ktor.server.netty.Netty

fun main() {
    val port = System.getenv("PORT")?.toInt() ?: 8080
    val server = embeddedServer(Netty, port) { routes() }

    // On SIGTERM: no new requests, and those in flight get up to four seconds.
    Runtime.getRuntime().addShutdownHook(Thread { server.stop(gracePeriodMillis = 100, timeoutMillis = 4000) })
    server.start(wait = true)
}
