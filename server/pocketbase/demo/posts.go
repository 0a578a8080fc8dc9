package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

func addPosts(app core.App) error {
	chance := rand.New(rand.NewPCG(200, 1))
	for n := 1; n <= postCount; n++ {
		record, err := newRecord(app, "posts")
		if err != nil {
			return err
		}
		describePost(record, n, chance)
		if n%8 == 1 {
			file, err := picture(fmt.Sprintf("post_%03d.png", n), n, 320, 180)
			if err != nil {
				return err
			}
			record.Set("image", file)
		}
		if err := save(app, record, postID(n)); err != nil {
			return err
		}
	}
	return nil
}

// isDraft makes every fourth post a draft.
func isDraft(n int) bool { return n%4 == 0 }

// author deals the posts out; everybody has five, drafts among them.
func author(post int) int { return (post*7)%userCount + 1 }

// describePost composes a post of its topic. Each topic has as many posts as it
// has titles and subjects to combine, so that no title comes twice.
func describePost(record *core.Record, n int, chance *rand.Rand) {
	t := topics[(n-1)%len(topics)]
	round := (n - 1) / len(topics)
	subject := t.subjects[round%len(t.subjects)]
	title := t.titles[(round/len(t.subjects)+round)%len(t.titles)]
	sentences := chance.Perm(len(t.sentences))[:2+chance.IntN(3)]
	body := []string{strings.ReplaceAll(t.opening, "%", subject)}
	for _, i := range sentences {
		body = append(body, t.sentences[i])
	}
	labels := []string{t.tag}
	if n%3 == 0 {
		labels = append(labels, topics[n%len(topics)].tag)
	}
	record.Set("title", strings.ReplaceAll(title, "%", subject))
	record.Set("body", strings.Join(body, " "))
	record.Set("tags", labels)
	record.Set("published", !isDraft(n))
	record.Set("author", userID(author(n)))
	record.Set("internal_score", float64(chance.IntN(1000))/10)
	date(record, day(-postCount/2).Add(time.Duration(n)*12*time.Hour))
}
