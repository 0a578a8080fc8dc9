package pocketbase

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// maxEvent bounds what is kept of one event, in bytes. Those of the feed are far
// shorter, for it asks for ids alone.
const maxEvent = 64 << 10

// event is a server-sent event (HTML standard, section 9.2).
type event struct {
	name string
	data []byte
	cut  bool // data is not all of it
}

// eventReader reads an event stream of PocketBase's.
type eventReader struct{ *bufio.Reader }

func newEventReader(r io.Reader) eventReader { return eventReader{bufio.NewReaderSize(r, maxEvent)} }

func (r eventReader) next() (e event, err error) {
	for {
		line, cut, err := r.line()
		if err != nil {
			return event{}, err
		}
		if len(line) == 0 && e.name != "" {
			return e, nil
		}
		if len(line) == 0 {
			e = event{}
		}
		field, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(field) {
		case "event":
			e.name = string(value)
		case "data":
			e.cut = e.cut || cut || len(e.data)+len(value) > maxEvent
			if !e.cut {
				e.data = append(e.data, value...)
			}
		}
	}
}

// line returns a line without its end, and of one that is too long its field alone.
func (r eventReader) line() (line []byte, cut bool, err error) {
	line, err = r.ReadSlice('\n')
	if cut = errors.Is(err, bufio.ErrBufferFull); cut {
		line, _, _ = bytes.Cut(bytes.Clone(line[:16]), []byte(":"))
	}
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.ReadSlice('\n')
	}
	return bytes.TrimRight(line, "\r\n"), cut, err
}

// client is the id that PocketBase gives the stream with its first event.
func (e event) client() (string, error) {
	var greeting struct{ ClientID string }
	if err := json.Unmarshal(e.data, &greeting); err != nil || e.name != "PB_CONNECT" || greeting.ClientID == "" {
		return "", errors.New("its event stream does not begin as PocketBase's do")
	}
	return greeting.ClientID, nil
}

// change is what an event tells; nothing if it is not about records. The collection
// is read from the record: a topic could mean one collection's id and another's name.
func (e event) change() (c Change, ok bool) {
	if !strings.Contains(e.name, everyRecord) {
		return Change{}, false
	}
	var message struct {
		Record struct {
			ID           string `json:"id"`
			CollectionID string `json:"collectionId"`
		}
	}
	err := json.Unmarshal(e.data, &message)
	if record := message.Record; err == nil && !e.cut && record.ID != "" && record.CollectionID != "" {
		return Change{CollectionID: record.CollectionID, RecordID: record.ID}, true
	}
	return Change{Gap: true}, true // a hook of the app's has changed it
}
