package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
)

func TestRoutes(t *testing.T) {
	for _, test := range []struct {
		path   string
		status int
		body   string
	}{
		{"/", http.StatusOK, `"message":"Hello, world!"`},
		{"/healthz", http.StatusOK, `"status":"ok"`},
		{"/missing", http.StatusNotFound, ""},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, test.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := newApp().Test(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != test.status || !strings.Contains(string(body), test.body) {
			t.Errorf("GET %s = %d %s, want %d with %s", test.path, response.StatusCode, body, test.status, test.body)
		}
	}
}

func TestHealthcheck(t *testing.T) {
	address, stop := start(t, newApp())
	port := strconv.Itoa(address.Port)
	if err := healthcheck(port); err != nil {
		t.Errorf("healthcheck of a server that runs: %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("serve: %v", err)
	}
	if healthcheck(port) == nil {
		t.Error("healthcheck of a server that is gone: want an error")
	}
}

func TestServeLetsRequestsComplete(t *testing.T) {
	arrived := make(chan struct{})
	slow := fiber.New()
	slow.Get("/", func(c fiber.Ctx) error {
		close(arrived)
		time.Sleep(200 * time.Millisecond)
		return c.SendStatus(http.StatusNoContent)
	})
	address, stop := start(t, slow)
	stopped := make(chan error, 1)
	go func() {
		<-arrived
		stopped <- stop()
	}()

	response, err := http.Get("http://" + address.String())
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Errorf("request in flight: status %d, want %d", response.StatusCode, http.StatusNoContent)
	}
	if err := <-stopped; err != nil {
		t.Errorf("serve: %v", err)
	}
}

// start serves app on a free port; stop tells it to stop and waits until it has.
func start(t *testing.T, app *fiber.App) (address *net.TCPAddr, stop func() error) {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, app) }()
	return listener.Addr().(*net.TCPAddr), func() error {
		cancel()
		return <-served
	}
}
