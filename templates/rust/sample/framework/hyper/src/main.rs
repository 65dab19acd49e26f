//! Starts and stops; the routes are in `routes.rs`.

mod health;
mod routes;

use std::error::Error;
use std::net::Ipv4Addr;
use std::time::Duration;
use std::{env, io};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::timeout;

/// How long requests in flight may take to complete after SIGTERM. Docker waits ten seconds before it kills.
const GRACE: Duration = Duration::from_secs(8);

fn main() -> Result<(), Box<dyn Error>> {
    let port = env::var("PORT").map_or(Ok(8080), |port| port.parse())?;
    if env::args().nth(1).as_deref() == Some("healthcheck") {
        return Ok(health::check(port)?);
    }
    Ok(run(port)?)
}

/// Serves until the process is told to stop.
#[tokio::main]
async fn run(port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).await?;
    println!("listening on {}", listener.local_addr()?);
    serve(listener, told_to_stop()).await;
    println!("stopped");
    Ok(())
}

/// Answers on `listener` until `stop` comes, then lets the requests in flight complete.
async fn serve(listener: TcpListener, stop: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut stop => break,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file handles, say: a moment later there may be some again.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service_fn(routes::answer));
        let connection = connections.watch(connection);
        tokio::spawn(async {
            if let Err(error) = connection.await {
                eprintln!("connection: {error}");
            }
        });
    }
    drop(listener);
    let _ = timeout(GRACE, connections.shutdown()).await;
}

/// Process 1 of a container gets signals only if it asks for them.
async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use tokio::net::TcpListener;
    use tokio::sync::oneshot;
    use tokio::task::spawn_blocking;

    use crate::{health, serve};

    #[tokio::test]
    async fn routes_answer() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, async { drop(stopped.await) }));

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

        drop(stop);
        server.await.unwrap();
        let gone = spawn_blocking(move || health::check(port)).await.unwrap();
        assert!(gone.is_err());
    }
}
