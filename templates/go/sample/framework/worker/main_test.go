package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), 25*time.Second)
		defer stop()

		rounds := 0
		work(ctx, 10*time.Second, func() { rounds++ })
		if rounds != 3 {
			t.Errorf("%d rounds in 25 seconds, want 3: at 0, 10 and 20", rounds)
		}
	})
}
