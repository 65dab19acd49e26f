// Package greet is a module of its own, which only the workspace brings to the service.
package greet

// Hello is what the service answers.
func Hello() string { return "Hello from a workspace!" }
