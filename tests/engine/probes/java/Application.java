package com.example.app;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;

/**
 * Stands in the place of a sample, built and packed by the sample's own Dockerfile, and says whether that image can speak
 * HTTPS and knows the world's time zones.
 */
public final class Application {
    public static void main(String[] args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(Integer.parseInt(System.getenv("PORT"))), 0);
        server.createContext("/", exchange -> {
            var body = (https() + " " + zone()).getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    /** Asks the public repository of packages, so that the image's certificates are put to the test. */
    private static String https() {
        try {
            var address = URI.create("https://repo.maven.apache.org/maven2/junit/junit/maven-metadata.xml");
            var answer = (HttpURLConnection) address.toURL().openConnection();
            answer.setRequestMethod("HEAD");
            answer.setConnectTimeout(20_000);
            return "https " + answer.getResponseCode();
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    /** How far ahead of UTC Tokyo is. */
    private static String zone() {
        var tokyo = ZoneId.of("Asia/Tokyo").getRules().getOffset(Instant.EPOCH);
        return "zone " + tokyo.getTotalSeconds() / 3600;
    }
}
