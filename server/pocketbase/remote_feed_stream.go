package pocketbase

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// follow keeps one stream until it ends, and tells why it did.
func (f *feed) follow(ctx context.Context) error {
	if !f.remote.gate.enter() {
		return errClosed
	}
	defer f.remote.gate.leave()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	closing := context.AfterFunc(f.remote.closing, func() { end(errHungUp) })
	defer closing()

	stream, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = stream.Close() }() // it has ended, or is given up
	events := newEventReader(stream)
	client, err := f.greeted(events, end)
	if err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		end(f.keep(ctx, client))
	}()
	end(f.read(events))
	<-kept
	return context.Cause(ctx)
}

// open asks for a stream. Neither the connections nor the limits of clients are its.
func (f *feed) open(ctx context.Context) (io.ReadCloser, error) {
	token, err := f.remote.superuser()
	if err != nil {
		return nil, err
	}
	out, err := f.remote.httpRequest(&Request{Method: http.MethodGet, Path: realtime, Token: token})
	if err != nil {
		return nil, err
	}
	out.Header["Accept-Encoding"] = identityEncoding
	t := newTrip(ctx)
	late := time.AfterFunc(f.bound/3, func() { t.end(errSilent) })
	defer late.Stop()
	response, err := t.send(f.remote.own, out)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK || !isEvents(response.Header) {
		_ = response.Body.Close() // it is given up
		return nil, fmt.Errorf("%w: it answers a request for events with status %d", ErrUnavailable, response.StatusCode)
	}
	return response.Body, nil
}

// greeted waits for the first event.
func (f *feed) greeted(events eventReader, end context.CancelCauseFunc) (client string, err error) {
	late := time.AfterFunc(f.bound/3, func() { end(errSilent) })
	defer late.Stop()
	first, err := events.next()
	if err != nil {
		return "", err
	}
	return first.client()
}

// read tells of what comes. Of a burst it takes one after the other: PocketBase keeps
// the rest.
func (f *feed) read(events eventReader) error {
	for {
		e, err := events.next()
		if err != nil {
			return err
		}
		if c, ok := e.change(); ok {
			f.db.tell(c)
			if f.isCanary(c) {
				signal(f.echo)
			}
		}
	}
}
