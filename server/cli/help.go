package cli

import "strings"

// helpError is help that was asked for: it ends the command, as an error does,
// and goes to standard output.
type helpError struct{ text string }

func (*helpError) Error() string { return "help was asked for" }

func helpOn(args []string) error {
	name := strings.Join(args, " ")
	if text, ok := helpTexts[name]; ok {
		return &helpError{text}
	}
	return usage("", "there is no command %q to help with", name)
}

// helpTexts are by the command's full name; the empty one is the program's.
var helpTexts = map[string]string{
	"": `Hapta stands between app clients and a PocketBase database: it signs people in
and lets policies decide what each may do and see.

  hapta-server [serve]       serve until SIGTERM or Ctrl-C
  hapta-server check         report everything that is wrong, then exit
  hapta-server policy        take a collection's policy away
  hapta-server version       tell what this binary is made of
  hapta-server help COMMAND  tell more, as COMMAND --help does

To look around, without touching any data of yours:

  hapta-server --demo

Exit status: 0 done, 1 failed at run time, 2 wrong usage, configuration,
credentials or policy.
`,

	"serve": `hapta-server [serve] [flags]

Serves until SIGTERM or Ctrl-C, then finishes what runs within [server]
shutdown_grace. SIGHUP reads the configuration again; if it is wrong, the one
in force stays.

` + flagHelp + `
The environment, also from .env, knows DB_URL, ADMIN_EMAIL, ADMIN_PASSWORD,
JWT_SECRET, SSL_ENABLED and HAPTA_ADMIN_KEY, and HAPTA_<SECTION>_<KEY> for every
key of hapta.toml outside [collections]. The process's own variables win.
`,

	"check": `hapta-server check [flags]

Loads configuration, environment and every policy, reaches the database,
reports each problem with a remedy, and exits: 0 if there was none.

` + flagHelp,

	"policy": `hapta-server policy remove COLLECTION [flags]

remove takes the policy of a collection away for good: its file is deleted, and
PocketBase's API rules decide from then on. A file that is merely gone leaves
the collection closed instead, so that losing one opens nothing.
`,

	"policy remove": `hapta-server policy remove COLLECTION [flags]

Takes the policy of a collection, named or by its id, away for good: its file is
deleted, and PocketBase's API rules decide from then on. A server that runs
takes it up within two seconds. Collections with authority = "policy" in
hapta.toml stay closed until that line goes too.

` + flagHelp,

	"version": `hapta-server version

Prints the version, the commit it was built from, and the versions of Go, of
the policy ABI and of the embedded PocketBase.
`,
}

const flagHelp = `  --config FILE  read this configuration (default hapta.toml, if it is there)
  --env FILE     read these variables (default .env, if it is there)
  --demo         use an embedded PocketBase with demo records, kept in demo_data
                 and nowhere else, and hand posts to its policy
`
