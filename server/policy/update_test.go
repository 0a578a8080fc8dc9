package policy

import "flag"

// Files that are committed and come from definitions in the tests.
var update = flag.Bool("update", false, "write the files anew that tests compare with their definitions")
