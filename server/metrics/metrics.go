// Package metrics counts what the server does, for Prometheus to read. It must not
// import anything of Hapta's.
package metrics

import (
	"io"
	"sync"

	"github.com/VictoriaMetrics/metrics"
)

// Metrics are one server's. The README lists them.
type Metrics struct {
	set        *metrics.Set
	cacheReads sync.Map // *CacheReads by collection

	SessionsOpened *metrics.Counter // sign-ins, and tokens that were exchanged
	SessionsRolled *metrics.Counter // refreshes that changed the key
	SessionsEnded  *metrics.Counter // before their time, revoked ones included
	SessionsStolen *metrics.Counter // revoked because one of two tokens was stolen
	SignInsSlowed  *metrics.Counter // refused with too_many_attempts

	RequestsLimited *metrics.Counter // refused with 429 by [ratelimits] or max_requests_per_caller
	CallersPutOff   *metrics.Counter // times that one was, for going on nevertheless

	RequestsShed       *metrics.Counter // refused with 503, for as many were at work as may be
	ConnectionsRefused *metrics.Counter // turned away, for as many were open as may be
}

// New has all of them at 0.
func New() *Metrics {
	s := metrics.NewSet()
	return &Metrics{
		set:            s,
		SessionsOpened: s.NewCounter("hapta_sessions_opened_total"),
		SessionsRolled: s.NewCounter("hapta_sessions_rolled_total"),
		SessionsEnded:  s.NewCounter("hapta_sessions_ended_total"),
		SessionsStolen: s.NewCounter("hapta_sessions_stolen_total"),
		SignInsSlowed:  s.NewCounter("hapta_sign_ins_slowed_total"),

		RequestsLimited: s.NewCounter("hapta_requests_limited_total"),
		CallersPutOff:   s.NewCounter("hapta_callers_put_off_total"),

		RequestsShed:       s.NewCounter("hapta_requests_shed_total"),
		ConnectionsRefused: s.NewCounter("hapta_connections_refused_total"),
	}
}

// Write writes them in Prometheus's text format.
func (m *Metrics) Write(w io.Writer) { m.set.WritePrometheus(w) }
