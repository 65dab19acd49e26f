//! The program's table of routes.

use actix_web::web::{Json, ServiceConfig};
use actix_web::{Responder, get};
use serde_json::json;

/// Stamped in by the build: `docker build --build-arg VERSION=1.2.3`.
const VERSION: Option<&str> = option_env!("VERSION");

pub fn add(config: &mut ServiceConfig) {
    config.service(greet).service(healthz);
}

#[get("/")]
async fn greet() -> impl Responder {
    Json(json!({ "message": "Hello, world!", "version": VERSION.unwrap_or("dev") }))
}

#[get("/healthz")]
async fn healthz() -> impl Responder {
    Json(json!({ "status": "ok" }))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use actix_web::rt::task::spawn_blocking;
    use actix_web::{App, HttpServer};

    use crate::health;

    #[actix_web::test]
    async fn routes_answer() {
        let server = HttpServer::new(|| App::new().configure(super::add))
            .workers(1)
            .disable_signals()
            .bind((Ipv4Addr::LOCALHOST, 0))
            .unwrap();
        let port = server.addrs()[0].port();
        let server = server.run();
        let handle = server.handle();
        let served = actix_web::rt::spawn(server);

        for (path, status, body) in [
            ("/", "200", "\"message\":\"Hello, world!\""),
            ("/healthz", "200", "\"status\":\"ok\""),
            ("/missing", "404", ""),
        ] {
            let answer = spawn_blocking(move || health::get(port, path))
                .await
                .unwrap();
            let answer = answer.unwrap();
            assert!(answer.contains(&format!(" {status} ")), "{path}: {answer}");
            assert!(answer.contains(body), "{path}: {answer}");
        }
        let well = spawn_blocking(move || health::check(port)).await.unwrap();
        assert!(well.is_ok());

        handle.stop(true).await;
        served.await.unwrap().unwrap();
        let gone = spawn_blocking(move || health::check(port)).await.unwrap();
        assert!(gone.is_err());
    }
}
