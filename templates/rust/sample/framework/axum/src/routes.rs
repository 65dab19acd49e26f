//! The program's table of routes.

use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

/// Stamped in by the build: `docker build --build-arg VERSION=1.2.3`.
const VERSION: Option<&str> = option_env!("VERSION");

pub fn router() -> Router {
    Router::new()
        .route("/", get(greet))
        .route("/healthz", get(healthz))
}

async fn greet() -> Json<Value> {
    Json(json!({ "message": "Hello, world!", "version": VERSION.unwrap_or("dev") }))
}

async fn healthz() -> Json<Value> {
    Json(json!({ "status": "ok" }))
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::net::TcpListener;
    use tokio::task::spawn_blocking;

    use super::router;
    use crate::health;

    #[tokio::test]
    async fn routes_answer() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async { axum::serve(listener, router()).await });

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

        server.abort();
        let _ = server.await;
        let gone = spawn_blocking(move || health::check(port)).await.unwrap();
        assert!(gone.is_err());
    }
}
