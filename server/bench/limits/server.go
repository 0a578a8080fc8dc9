package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// server is a Hapta with the demo's records, which believes this machine whom its
// requests come from, and keeps no answers, so that every request costs something. Two lists a second, and 20 at once, are what a caller may have:
// a hundred of them have then what this machine can well serve.
type server struct {
	address string
	dir     string
	process *exec.Cmd
}

func start(binary string) (s *server, err error) {
	s = &server{}
	if s.address, err = freeAddress(); err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "hapta-limits-"); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(s.address)
	s.process = exec.Command(binary, "serve", "--demo")
	s.process.Dir = s.dir
	s.process.Env = []string{
		"HAPTA_SERVER_PORT=" + port, "HAPTA_UPSTREAM_DASHBOARD=", "HAPTA_SERVER_TRUSTED_PROXIES=127.0.0.1",
		"HAPTA_RATELIMITS_LIST_LIMIT=20", "HAPTA_CACHE_SIZE=0",
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return nil, err
	}
	s.process.Stderr = log
	if err := s.process.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir))
	}
	return s, s.await()
}

func (s *server) await() error {
	for range 300 {
		answer, err := http.Get("http://" + s.address + "/api/hapta/health/ready")
		if err == nil && answer.Body.Close() == nil && answer.StatusCode == http.StatusOK {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
	s.stop()
	return fmt.Errorf("the server does not start: %s", log)
}

func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
	_ = os.RemoveAll(s.dir)
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
