package config

import (
	"fmt"
	"log/slog"
)

// Secret is a text that prints as [secret] however it is printed, logged or
// marshalled.
type Secret struct{ text string }

// NewSecret hides a text.
func NewSecret(text string) Secret { return Secret{text} }

// Reveal is the text itself.
func (s Secret) Reveal() string { return s.text }

// IsSet reports whether there is one.
func (s Secret) IsSet() bool { return s.text != "" }

const redacted = "[secret]"

// String hides the text.
func (Secret) String() string { return redacted }

// Format hides the text from every verb of fmt, %#v and %x included.
func (Secret) Format(w fmt.State, _ rune) { _, _ = w.Write([]byte(redacted)) }

// LogValue hides the text from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the text from JSON and its like.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
