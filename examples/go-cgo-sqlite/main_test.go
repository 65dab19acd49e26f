package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestVisitsOutliveTheProgram(t *testing.T) {
	folder := t.TempDir()
	for _, want := range []string{"visits: 1\n", "visits: 2\n"} {
		visits, err := open(folder)
		if err != nil {
			t.Fatal(err)
		}
		answer := httptest.NewRecorder()
		handler(visits).ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
		if answer.Body.String() != want {
			t.Errorf("GET / = %q, want %q", answer.Body, want)
		}
		visits.Close()
	}
}
