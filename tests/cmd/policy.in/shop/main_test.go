package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestRoutes(t *testing.T) {
	server := httptest.NewServer(newHandler())
	defer server.Close()

	for _, test := range []struct {
		path   string
		status int
		body   string
	}{
		{"/", http.StatusOK, `"message":"Hello, world!"`},
		{"/healthz", http.StatusOK, `"status":"ok"`},
		{"/missing", http.StatusNotFound, ""},
	} {
		response, err := http.Get(server.URL + test.path)
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
	server := httptest.NewServer(newHandler())
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if err := healthcheck(address.Port()); err != nil {
		t.Errorf("healthcheck of a server that runs: %v", err)
	}
	server.Close()
	if healthcheck(address.Port()) == nil {
		t.Error("healthcheck of a server that is gone: want an error")
	}
}

func TestServeLetsRequestsComplete(t *testing.T) {
	arrived := make(chan struct{})
	slow := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		time.Sleep(200 * time.Millisecond)
		w.WriteHeader(http.StatusNoContent)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- serve(ctx, listener, slow) }()
	go func() {
		<-arrived
		stop()
	}()

	response, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusNoContent {
		t.Errorf("request in flight: status %d, want %d", response.StatusCode, http.StatusNoContent)
	}
	if err := <-served; err != nil {
		t.Errorf("serve: %v", err)
	}
}
