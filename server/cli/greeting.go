package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/hapta/hapta/server/config"
)

// greet tells whoever started the demo where to go next. A server that was
// set up on purpose says no more than its log.
func greet(w io.Writer) func(url string, c *config.Config) {
	return func(url string, c *config.Config) {
		if !c.Demo {
			return
		}
		_, _ = fmt.Fprintf(w, demoGreeting, url)
		if _, err := os.Stat(filepath.Join(c.Policies.Dir, "posts.wasm")); err == nil {
			_, _ = fmt.Fprintf(w, postsGreeting, url, c.Policies.Dir)
		} else {
			_, _ = fmt.Fprintf(w, noPostsGreeting, url, c.Policies.Dir)
		}
		superuser := "ADMIN_EMAIL"
		if !c.Secrets.AdminPassword.IsSet() {
			superuser = filepath.Join(c.Server.StateDir, "superuser.env")
		}
		if c.Upstream.Dashboard != "" {
			_, _ = fmt.Fprintf(w, dashboardGreeting, c.Upstream.Dashboard, superuser)
		}
	}
}

const demoGreeting = `
Hapta serves demo records at %[1]s. Try, from another terminal:

  sign in as one of the demo users
    curl %[1]s/api/collections/users/auth-with-password \
      -d identity=user01@example.com -d password=hapta-demo
`

const postsGreeting = `  what everyone may see
    curl '%[1]s/api/collections/posts/records?perPage=3'
  and with the token of the first answer, to see drafts of theirs too
    curl -H "Authorization: $TOKEN" '%[1]s/api/collections/posts/records?perPage=3'

The policies that decide are in %[2]s/. Change one, compile it with
"hapta-server policy build --demo", and the next request goes by it.
`

const noPostsGreeting = `  what everyone may see
    curl '%[1]s/api/collections/comments/records?perPage=3'

There is no policy for posts in %[2]s/, so posts is closed. Begin one with
"hapta-server policy new posts --demo", compile it with
"hapta-server policy build --demo", and the next request goes by it.
`

const dashboardGreeting = `
PocketBase's own dashboard is at http://%s/_/, for the superuser of
%s.
`
