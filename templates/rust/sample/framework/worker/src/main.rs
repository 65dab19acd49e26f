//! Does a round of work at each interval until it is told to stop.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};

/// Stamped in by the build: `docker build --build-arg VERSION=1.2.3`.
const VERSION: Option<&str> = option_env!("VERSION");

/// The time between the start of one round of work and the next.
const INTERVAL: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // Process 1 of a container gets signals only if it asks for them.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    println!("working, version {}", VERSION.unwrap_or("dev"));
    let stop = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    work(INTERVAL, async || println!("tick"), stop).await;
    println!("stopped");
    Ok(())
}

/// Does a round of work at once and at each interval until `stop` comes. A round that has begun is completed.
async fn work(every: Duration, mut round: impl AsyncFnMut(), stop: impl Future<Output = ()>) {
    let mut ticker = interval(every);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(stop);
    loop {
        tokio::select! {
            biased;
            () = &mut stop => return,
            _ = ticker.tick() => {}
        }
        round().await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::sleep;

    #[tokio::test(start_paused = true)]
    async fn rounds_come_at_each_interval() {
        let mut rounds = 0;
        let stop = sleep(Duration::from_secs(25));
        super::work(Duration::from_secs(10), async || rounds += 1, stop).await;
        assert_eq!(rounds, 3, "at 0, 10 and 20 seconds");
    }
}
