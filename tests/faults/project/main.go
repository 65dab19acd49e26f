// A program that is linked against a libc where cgo is on: names of users come from there.
package main

import (
	"fmt"
	"os/user"
)

func main() {
	_, _ = user.Current()
	fmt.Println("listening")
}
