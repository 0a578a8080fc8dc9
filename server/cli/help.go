package cli

import "strings"

// helpError is help that was asked for: it ends the command, as an error does,
// and goes to standard output.
type helpError struct{ text string }

func (*helpError) Error() string { return "help was asked for" }

func helpOn(args []string) error {
	name := strings.Join(args, " ")
	if name == "help" || isHelp(name) {
		name = ""
	}
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
  hapta-server policy        write, test, measure and remove policies
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

	"policy": `hapta-server policy COMMAND

A policy decides who may do what with the records of one PocketBase collection.
It is a WebAssembly module, COLLECTION.wasm in the folder of [policies] dir.

  policy new COLLECTION      begin one in TypeScript or Rust
  policy build               compile sources to modules
  policy test                hold policies to what they are to decide
  policy eval COLLECTION     show how one decision comes about
  policy bench COLLECTION    measure what decisions cost
  policy inspect COLLECTION  show what a module says of itself
  policy remove COLLECTION   take a policy away

All but remove leave a running server and its database alone; a server takes
new modules up by itself. Each tells more with --help.
`,

	"policy new": `hapta-server policy new COLLECTION [--lang ts|rust] [flags]

Writes a policy to begin with, and cases to test it, into the folder of
policies. When there is a database to ask, it knows the collection's fields, and
notes them and which are hidden (in .hapta/schema) for build, test and eval.

  --lang ts|rust  the language (default ts, which is TypeScript)
` + flagHelp,

	"policy build": `hapta-server policy build [COLLECTION|SOURCE...] [flags]

Compiles sources (COLLECTION.ts, COLLECTION.rs) to the module beside them, all
of the folder of policies if none is named. Fields that policy new has noted are
noted anew first, where the database is the embedded one.

` + flagHelp,

	"policy test": `hapta-server policy test [COLLECTION|FILE|FOLDER...] [flags]

Puts questions to policies and compares their decisions with what is expected.
Questions stand in COLLECTION.test.json, beside COLLECTION.wasm:

  {
    "callers": {"ann": {"id": "ann", "collectionName": "users"}},
    "records": {"draft": {"id": "p1", "author": "ann", "published": false}},
    "cases": [
      {"name": "an author sees their draft", "operation": "view",
       "caller": "ann", "stored": "draft", "expect": {"verdict": "allow"}},
      {"name": "a guest sees no draft", "operation": "view",
       "stored": "draft", "expect": {"verdict": "hide"}}
    ]
  }

A case has a name, an operation (list, view, create, update, delete) and, as
the operation has them: caller (none is a guest; of users, if it does not say),
stored, incoming (fields as a client sends them, "tags+" too, with the values
that result), relations, query, headers, request, session, reason, now. A view
may have a page, a list of records, and then expects a list. What is expected:
verdict (allow, refuse, hide), code, effects (fields written), unset (fields
that are not), masks, filter; what is left out must not be there. Status and
message are compared when they are given.

Relations that the manifest names are given by name: a record, or a list of
records for a relation to several, each as an object or by its name:

  "relations": {"author": {"id": "ann", "collectionName": "users"},
                "tags": ["red", "blue"]}

A collectionId that is left out is that of the callers and records that have
one with the same collectionName, or else the name itself.

Before it asks a policy, the server drops from what a client sends what
PocketBase hides, and what the collection has no field for. So it is here, with
a line that says so, where policy new has noted the fields (in .hapta/schema
beside the policies); elsewhere the policy is shown incoming as it is written.
A case of an operation that the policy does not handle fails, for the server
would not ask it.

A module may judge one record by a function (hapta_record) and many of a list
by another (hapta_page). A case that judges records is put to both, and fails
where they differ in verdict, code or masks.

Exit status: 0 all passed, 1 some failed, 2 something could not be tested.

  -v             tell the cases that passed, too
` + flagHelp,

	"policy eval": `hapta-server policy eval COLLECTION --case NAME [flags]
hapta-server policy eval COLLECTION --input FILE [flags]

Puts one question to a policy and shows all that it asks the server while it
decides, then the decision, and how much fuel (work) that took of what
[policies] max_fuel allows. Hidden fields come in as policy test says.

  --case NAME    a case of COLLECTION.test.json
  --input FILE   a case by itself, in JSON; - is standard input. See: policy
                 test --help
` + flagHelp,

	"policy bench": `hapta-server policy bench COLLECTION [flags]

Measures what each case of COLLECTION.test.json costs: time, fuel (work, which
is the same on every machine) and allocations of the server, and which decision
that is. Times are those of questions that the policy has answered before, as
most of a server's are. It takes a few seconds. Where the policy fails instead
of deciding, or spends its fuel or memory, there are no figures, and the exit
status is 1.

  --case NAME    this case alone
` + flagHelp,

	"policy inspect": `hapta-server policy inspect COLLECTION|FILE [flags]

Shows what a module says of itself (which operations it decides, its codes, the
fields it writes, masks and reads), what it is made of, and what bounds it.
FILE is the module, or the source beside it.

` + flagHelp,

	"policy remove": `hapta-server policy remove COLLECTION [flags]

Takes the policy of a collection, named or by its id, away for good: its file is
deleted, and PocketBase's API rules decide from then on. Source and cases stay.
A server that runs takes it up within two seconds. Collections with authority =
"policy" in hapta.toml stay closed until that line goes too.

` + flagHelp,

	"version": `hapta-server version

Prints the version, the commit it was built from, and the versions of Go, of
the policy ABI and of the embedded PocketBase.
`,
}

const flagHelp = `  --config FILE  read this configuration (default hapta.toml, if it is there);
                 paths in it count from the current folder, not from the file
  --env FILE     read these variables (default .env, if it is there)
  --demo         use an embedded PocketBase with demo records, kept in demo_data
                 and nowhere else, and hand posts to its policy
`
