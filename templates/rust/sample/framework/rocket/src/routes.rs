//! The program's table of routes.

use rocket::serde::json::{Value, json};
use rocket::{Route, get, routes};

/// Stamped in by the build: `docker build --build-arg VERSION=1.2.3`.
const VERSION: Option<&str> = option_env!("VERSION");

pub fn all() -> Vec<Route> {
    routes![greet, healthz]
}

#[get("/")]
fn greet() -> Value {
    json!({ "message": "Hello, world!", "version": VERSION.unwrap_or("dev") })
}

#[get("/healthz")]
fn healthz() -> Value {
    json!({ "status": "ok" })
}

#[cfg(test)]
mod tests {
    use rocket::http::Status;
    use rocket::local::blocking::Client;

    #[test]
    fn routes_answer() {
        let rocket = rocket::build().mount("/", super::all());
        let client = Client::untracked(rocket).unwrap();
        for (path, status, body) in [
            ("/", Status::Ok, "\"message\":\"Hello, world!\""),
            ("/healthz", Status::Ok, "\"status\":\"ok\""),
            ("/missing", Status::NotFound, ""),
        ] {
            let response = client.get(path).dispatch();
            assert_eq!(response.status(), status, "{path}");
            let answer = response.into_string().unwrap();
            assert!(answer.contains(body), "{path}: {answer}");
        }
    }
}
