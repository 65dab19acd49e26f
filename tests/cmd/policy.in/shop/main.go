package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is stamped in by the linker: -ldflags "-X main.version=1.2.3".
var version = "dev"

// grace is how long requests in flight may take to complete after SIGTERM. Docker waits ten seconds before it kills.
const grace = 8 * time.Second

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	port := cmp.Or(os.Getenv("PORT"), "8080")

	command := run
	if len(os.Args) > 1 && os.Args[1] == "healthcheck" {
		command = healthcheck
	}
	if err := command(port); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

// run serves until the process is told to stop.
func run(port string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	slog.Info("listening", "address", listener.Addr().String(), "version", version)
	err = serve(ctx, listener, newHandler())
	slog.Info("stopped")
	return err
}

// serve answers on listener until ctx is done, then lets the requests in flight complete.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// healthcheck asks the server that runs in the same container. HEALTHCHECK calls it: the image has no curl.
func healthcheck(port string) error {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get("http://127.0.0.1:" + port + "/healthz")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("healthcheck: %s", response.Status)
	}
	return nil
}
