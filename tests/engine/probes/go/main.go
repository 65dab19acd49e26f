// Command main stands in the place of a sample, built and packed by the sample's own Dockerfile, and says whether that
// image can speak HTTPS and knows the world's time zones.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

var version = "probe"

func main() {
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, version, https(), zone())
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}

// https asks the public module proxy, so that the image's certificates are put to the test.
func https() string {
	client := http.Client{Timeout: 20 * time.Second}
	answer, err := client.Get("https://proxy.golang.org/github.com/google/uuid/@v/list")
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	return fmt.Sprint("https ", answer.StatusCode)
}

// zone tells how far ahead of UTC Tokyo is.
func zone() string {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		return err.Error()
	}
	_, seconds := time.Now().In(tokyo).Zone()
	return fmt.Sprint("zone ", seconds/3600)
}
