package demo

import (
	"math/rand/v2"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// addComments spreads comments over the published posts.
func addComments(app core.App) error {
	chance := rand.New(rand.NewPCG(400, 1))
	for n := 1; n <= commentCount; n++ {
		record, err := newRecord(app, "comments")
		if err != nil {
			return err
		}
		post := 1 + chance.IntN(postCount)
		if isDraft(post) {
			post--
		}
		by := 1 + chance.IntN(userCount)
		record.Set("post", postID(post))
		record.Set("author", userID(by))
		record.Set("body", remarks[(n*17)%len(remarks)])
		date(record, day(-postCount/2).Add(time.Duration(post)*12*time.Hour+time.Duration(n)*time.Minute))
		if err := save(app, record, commentID(n)); err != nil {
			return err
		}
	}
	return nil
}
