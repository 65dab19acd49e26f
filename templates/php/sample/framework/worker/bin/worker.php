<?php

declare(strict_types=1);

require __DIR__ . '/../vendor/autoload.php';

// The signal ends the sleep, and the loop once the round is complete.
$running = true;
pcntl_async_signals(true);
foreach ([SIGTERM, SIGINT] as $signal) {
    pcntl_signal($signal, function () use (&$running): void {
        $running = false;
    });
}

for ($round = 1; $running; $round++) {
    echo App\Work::round($round), "\n";
    if ($running) {
        sleep(5);
    }
}
echo "stopped\n";
