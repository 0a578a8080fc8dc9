// Hello answers every request with one word, with fasthttp as it comes: the least that
// a server built on it does, and what Hapta's answers from its cache are held against.
package main

import (
	"log"
	"os"

	"github.com/valyala/fasthttp"
)

func main() {
	log.Fatal(fasthttp.ListenAndServe(os.Args[1], func(ctx *fasthttp.RequestCtx) {
		ctx.SetBodyString("hello")
	}))
}
