package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	callers = 10_000
	abusers = callers / 100
	rate    = 400 // requests a second of all the others together
)

// load asks for a page of records, as any of the callers.
type load struct {
	honest *fasthttp.HostClient
	abuser *fasthttp.HostClient
}

func newLoad(address string) *load {
	client := func() *fasthttp.HostClient {
		return &fasthttp.HostClient{Addr: address, MaxConns: 2000, ReadTimeout: time.Minute}
	}
	return &load{client(), client()}
}

// as is one request of a caller, each from an address of their own.
func as(c *fasthttp.HostClient, caller int) (status int, took time.Duration) {
	req, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(answer)
	req.SetRequestURI("http://" + c.Addr + "/api/collections/comments/records?perPage=10")
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.1.%d.%d", caller/250, caller%250))
	began := time.Now()
	if err := c.Do(req, answer); err != nil {
		return 0, time.Since(began)
	}
	return answer.StatusCode(), time.Since(began)
}

// measure lets the others ask for a while, at a rate that does not wait for answers.
func (l *load) measure(window time.Duration) sample {
	var mu sync.Mutex
	var s sample
	var wg sync.WaitGroup
	end := time.Now().Add(window)
	for next := time.Now(); next.Before(end); next = next.Add(time.Duration(rand.ExpFloat64() * float64(time.Second) / rate)) {
		due := next
		time.Sleep(time.Until(due))
		wg.Go(func() {
			status, took := as(l.honest, abusers+rand.IntN(callers-abusers))
			mu.Lock()
			defer mu.Unlock()
			s.add(status == http.StatusOK, took)
		})
	}
	wg.Wait()
	return s
}

// refusals is what abusers got.
type refusals struct{ asked, refused int64 }

// abuse begins to ask as the abusers, each of whom asks as soon as they are answered.
func (l *load) abuse() (stop func() refusals) {
	var ended atomic.Bool
	var asked, refused atomic.Int64
	var wg sync.WaitGroup
	for caller := range abusers {
		wg.Go(func() {
			for !ended.Load() {
				status, _ := as(l.abuser, caller)
				asked.Add(1)
				if status == http.StatusTooManyRequests {
					refused.Add(1)
				}
			}
		})
	}
	return func() refusals {
		ended.Store(true)
		wg.Wait()
		return refusals{asked.Load(), refused.Load()}
	}
}
