package main

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	for _, test := range []struct {
		args string
		want string
	}{
		{"greet", "Hello, world!\n"},
		{"greet Ada", "Hello, Ada!\n"},
		{"greet -shout Ada", "HELLO, ADA!\n"},
		{"/app/greet version", "greet dev\n"},
	} {
		var out strings.Builder
		if err := run(strings.Fields(test.args), &out, io.Discard); err != nil {
			t.Errorf("%s: %v", test.args, err)
		}
		if out.String() != test.want {
			t.Errorf("%s prints %q, want %q", test.args, out.String(), test.want)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	for _, args := range []string{"greet Ada Grace", "greet -whisper"} {
		if err := run(strings.Fields(args), io.Discard, io.Discard); !errors.Is(err, errUsage) {
			t.Errorf("%s: %v, want %v", args, err, errUsage)
		}
	}
}
