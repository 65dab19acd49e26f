// Package greet is a module of its own, which vendor/ holds.
package greet

// Hello is what the service answers.
func Hello() string { return "Hello from a vendored module!" }
