package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// version is stamped in by the linker: -ldflags "-X main.version=1.2.3".
var version = "dev"

// errUsage says that the arguments are wrong; what is wrong with them has been printed.
var errUsage = errors.New("wrong usage")

func main() {
	switch err := run(os.Args, os.Stdout, os.Stderr); {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run does what the arguments say: results go to out, help and complaints to complaints.
func run(args []string, out, complaints io.Writer) error {
	name := filepath.Base(args[0])
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(complaints)
	shout := flags.Bool("shout", false, "greet in capitals")
	flags.Usage = func() {
		fmt.Fprintf(complaints, "usage: %s [-shout] [WHO]\n       %s version\n", name, name)
		flags.PrintDefaults()
	}
	if err := flags.Parse(args[1:]); errors.Is(err, flag.ErrHelp) {
		return err
	} else if err != nil {
		return errUsage
	}
	if flags.NArg() > 1 {
		flags.Usage()
		return errUsage
	}

	who := flags.Arg(0)
	switch who {
	case "version":
		_, err := fmt.Fprintln(out, name, version)
		return err
	case "":
		who = "world"
	}
	greeting := "Hello, " + who + "!"
	if *shout {
		greeting = strings.ToUpper(greeting)
	}
	_, err := fmt.Fprintln(out, greeting)
	return err
}
