package pocketbase

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// answering is an embedded database whose handler is replaced.
func answering(t *testing.T, handler http.HandlerFunc) *Database {
	t.Helper()
	d := openEmbedded(t, nil)
	d.backend.(*embedded).handler = handler
	return d
}

func TestEmbeddedBoundsAnswers(t *testing.T) {
	d := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		for range MaxResponse>>20 + 1 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
		panic("more than the bound was taken")
	})
	if _, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: "/"}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want ErrTooLarge", err)
	}
}

func TestAPanicIsAnError(t *testing.T) {
	d := answering(t, func(http.ResponseWriter, *http.Request) { panic("broken") })
	_, err := d.Fetch(t.Context(), &Request{Method: "GET", Path: "/"})
	wantUnavailable(t, err)
	_, err = d.Stream(t.Context(), &Request{Method: "GET", Path: "/"})
	wantUnavailable(t, err)
}

func TestAPanicBehindTheHeaderBreaksTheBody(t *testing.T) {
	d := answering(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		panic("broken")
	})
	response, err := d.Stream(t.Context(), &Request{Method: "GET", Path: "/"})
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	wantUnavailable(t, err)
	if string(body) != "half" {
		t.Errorf("%q", body)
	}
	_ = response.Body.Close()
}

func TestAnswersAreLikeNetHTTPs(t *testing.T) {
	f := func(method string, handler http.HandlerFunc, status int, header, body string) {
		t.Helper()
		d := answering(t, handler)
		whole := fetch(t, d, &Request{Method: method, Path: "/"})
		streamed, err := d.Stream(t.Context(), &Request{Method: method, Path: "/"})
		if err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(streamed.Body)
		if err != nil {
			t.Error(err)
		}
		if err := streamed.Body.Close(); err != nil {
			t.Error(err)
		}
		if whole.Status != status || whole.Header.Get("X-Test") != header || string(whole.Body) != body {
			t.Errorf("whole: %d %q %q", whole.Status, whole.Header.Get("X-Test"), whole.Body)
		}
		if streamed.StatusCode != status || streamed.Header.Get("X-Test") != header || string(rest) != body {
			t.Errorf("streamed: %d %q %q", streamed.StatusCode, streamed.Header.Get("X-Test"), rest)
		}
	}
	f("GET", func(http.ResponseWriter, *http.Request) {}, 200, "", "")
	f("GET", func(w http.ResponseWriter, _ *http.Request) { // what comes behind the header is late
		w.Header().Set("X-Test", "early")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(201)
		w.WriteHeader(500)
		w.Header().Set("X-Test", "late")
		_, _ = io.WriteString(w, "a")
		_, _ = io.WriteString(w, "b")
	}, 201, "early", "ab")
	f("HEAD", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "x") }, 200, "", "")
	f("GET", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(304)
		_, _ = io.WriteString(w, "x")
	}, 304, "", "")
	f("GET", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Test", r.RemoteAddr+" "+r.RequestURI)
	}, 200, "127.0.0.1:0 /", "")
}

func TestBodiesAreReadAsTheyCome(t *testing.T) {
	d := answering(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	request := &Request{Method: "POST", Path: "/", Body: strings.NewReader("over there and back"), ContentLength: -1}
	response, err := d.Stream(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "over there and back" {
		t.Errorf("%q, %v", body, err)
	}
	_ = response.Body.Close()
}
