//! The program's table of routes.

use std::convert::Infallible;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};

/// Stamped in by the build: `docker build --build-arg VERSION=1.2.3`.
const VERSION: Option<&str> = option_env!("VERSION");

pub async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/") => (StatusCode::OK, greeting()),
        (&Method::GET, "/healthz") => (StatusCode::OK, json!({ "status": "ok" })),
        _ => (StatusCode::NOT_FOUND, json!({ "status": "not found" })),
    };
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}

fn greeting() -> Value {
    json!({ "message": "Hello, world!", "version": VERSION.unwrap_or("dev") })
}
