// Command go-cgo-sqlite counts visits in an SQLite database. The driver is C code, so the program is linked with cgo
// and runs on a base that has the libc it was built with.
package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

func main() {
	folder := cmp.Or(os.Getenv("DATA"), "/data")
	if err := run(folder, ":"+cmp.Or(os.Getenv("PORT"), "8080")); err != nil {
		log.Fatal(err)
	}
}

func run(folder, address string) error {
	visits, err := open(folder)
	if err != nil {
		return err
	}
	defer visits.Close()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Addr: address, Handler: handler(visits), ReadHeaderTimeout: 5 * time.Second}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		deadline, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		stopped <- server.Shutdown(deadline)
	}()

	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

// open opens the database in folder, which must be writable: SQLite keeps its journal beside the database.
func open(folder string) (*sql.DB, error) {
	visits, err := sql.Open("sqlite3", filepath.Join(folder, "visits.db")+"?_journal_mode=WAL&_busy_timeout=5000")
	if err != nil {
		return nil, err
	}
	if _, err := visits.Exec("CREATE TABLE IF NOT EXISTS visits (at TEXT NOT NULL)"); err != nil {
		visits.Close()
		return nil, fmt.Errorf("database in %s: %w", folder, err)
	}
	return visits, nil
}

func handler(visits *sql.DB) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		count, err := count(r.Context(), visits)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		fmt.Fprintf(w, "visits: %d\n", count)
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) {
		if err := visits.PingContext(r.Context()); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	})
	return mux
}

// count records a visit and says how many there were.
func count(ctx context.Context, visits *sql.DB) (count int, err error) {
	if _, err := visits.ExecContext(ctx, "INSERT INTO visits VALUES (datetime('now'))"); err != nil {
		return 0, err
	}
	err = visits.QueryRowContext(ctx, "SELECT count(*) FROM visits").Scan(&count)
	return count, err
}
