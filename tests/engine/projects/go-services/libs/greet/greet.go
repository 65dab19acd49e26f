// Package greet says what the programs say.
package greet

// Greeting is for somebody.
func Greeting(name string) string { return "Hello from " + name + "!" }
