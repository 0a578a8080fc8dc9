package gateway

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"github.com/hapta/hapta/server/apierr"
	"github.com/hapta/hapta/server/filter"
	"github.com/hapta/hapta/server/pocketbase"
)

// readTopics reads a body as PocketBase does, and writes it anew: other keys are
// left out.
func readTopics(b *body) (encoded []byte, clientID string, topics []string, err error) {
	var want struct {
		ClientID      string   `json:"clientId"`
		Subscriptions []string `json:"subscriptions"`
	}
	raw, err := json.Marshal(b.values)
	if err != nil {
		return nil, "", nil, unreadable(err)
	}
	if err := json.Unmarshal(raw, &want); err != nil {
		return nil, "", nil, apierr.Detailed(apierr.BadBody, "Send clientId as text and subscriptions as a list of texts.")
	}
	if encoded, err = json.Marshal(want); err != nil {
		return nil, "", nil, apierr.From(err)
	}
	return encoded, want.ClientID, want.Subscriptions, nil
}

// maySubscribe tells whether nothing that the topic brings is a policy's.
func (s *Snapshot) maySubscribe(topic string) error {
	u, err := url.Parse(topic)
	if err != nil {
		return apierr.Detailed(apierr.BadBody, "The topic %.60q cannot be read.", topic)
	}
	name, _, _ := strings.Cut(topic, "?")
	name, _, _ = strings.Cut(name, "/")
	c := s.Schema.Find(name)
	switch {
	case c == nil: // a topic of the app's own, or @oauth2
		return nil
	case c.Name == core.CollectionNameSuperusers:
		return missingCollection()
	case !s.judging:
		return nil
	}
	if !s.access[c.Id].open() {
		return apierr.New(apierr.TopicNotJudged)
	}
	raw := u.Query().Get("options")
	if raw == "" {
		return nil
	}
	var options subscriptions.SubscriptionOptions
	if err := json.Unmarshal([]byte(raw), &options); err != nil {
		return apierr.Detailed(apierr.BadBody, "The options of the topic %.60q cannot be read.", topic)
	}
	if err := s.mayExpandTopic(c, options.Query["expand"]); err != nil {
		return err
	}
	return s.mayFilterTopic(c, options.Query["filter"])
}

// mayExpandTopic refuses what crosses into a collection that a policy decides:
// nothing judges the events of a stream.
func (s *Snapshot) mayExpandTopic(c *pocketbase.Collection, param string) error {
	for _, path := range expandPaths(param) {
		crossed, err := c.ResolvePath(s.Schema, path+".id")
		if err == nil && !s.allOpen(crossed) {
			return apierr.Detailed(apierr.ExpandRefused, "%q expands into a collection that a policy decides; a realtime topic cannot.", path)
		}
	}
	return nil
}

func (s *Snapshot) allOpen(collections []*pocketbase.Collection) bool {
	return !slices.ContainsFunc(collections, func(c *pocketbase.Collection) bool {
		return !s.access[c.ID()].open()
	})
}

func (s *Snapshot) mayFilterTopic(c *pocketbase.Collection, text string) error {
	if text == "" {
		return nil
	}
	node, err := filter.Parse(text)
	if err != nil {
		return badFilter(err)
	}
	op := &operation{snapshot: s, collection: c}
	for _, path := range node.Fields() {
		if err := op.mayName(path); err != nil {
			return err
		}
	}
	return nil
}
