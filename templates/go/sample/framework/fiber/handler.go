package main

import (
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/recover"
)

// newApp is the program's table of routes.
func newApp() *fiber.App {
	app := fiber.New(fiber.Config{
		ReadTimeout: 5 * time.Second,
		IdleTimeout: time.Minute,
	})
	app.Use(recover.New())

	app.Get("/", func(c fiber.Ctx) error {
		return c.JSON(fiber.Map{"message": "Hello, world!", "version": version})
	})
	app.Get("/healthz", func(c fiber.Ctx) error {
		return c.JSON(fiber.Map{"status": "ok"})
	})
	return app
}
