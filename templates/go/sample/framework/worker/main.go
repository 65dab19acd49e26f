package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is stamped in by the linker: -ldflags "-X main.version=1.2.3".
var version = "dev"

// interval is the time between the start of one round of work and the next.
const interval = 5 * time.Second

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	slog.Info("working", "interval", interval.String(), "version", version)
	work(ctx, interval, func() { slog.Info("tick") })
	slog.Info("stopped")
}

// work does a round of work at once and at each interval until ctx is done. A round that has begun is completed.
func work(ctx context.Context, interval time.Duration, round func()) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		round()
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
