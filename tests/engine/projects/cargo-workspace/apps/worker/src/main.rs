//! Says something now and then, until it is told to stop.
fn main() {
    std::thread::spawn(|| {
        for round in 0.. {
            println!("{}", greet::greeting("shop", round));
            std::thread::sleep(std::time::Duration::from_secs(1));
        }
    });
    let mut signals = signal_hook::iterator::Signals::new([2, 15]).expect("signals");
    signals.forever().next();
}
