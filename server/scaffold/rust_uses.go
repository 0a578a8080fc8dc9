package scaffold

import "regexp"

var (
	word     = regexp.MustCompile(`\w+`)
	function = regexp.MustCompile(`\bfn\b`)
	included = regexp.MustCompile(`\bmod\s+\w+\s*;|\binclude!`)
	// What is asked of records of the collection, and of nothing else.
	asked = regexp.MustCompile(`(?:\b(?:stored|incoming)\s*\(\s*\)\s*\.\s*(?:get|has|modifier)|\bfield|\.\s*(?:set|unset|mask|relations?))\s*\(\s*(?:r#)?(\w+)\s*[,)]`)
	bound = regexp.MustCompile(`\blet\s+(\w+)\s*(?::\s*\w+\s*)?=\s*\w+\s*\.\s*(?:stored|incoming)\s*\(\s*\)\s*;`)
)

// note tells the fields how the rules use them. Types are not known here: what may
// be of something else than the policy's collection is taken to be.
func (s *rustSource) note(fields map[string]*rustField) {
	rules := ""
	for _, f := range function.Split(s.rules, -1) {
		rules += spelledOut(f)
	}
	for _, use := range asked.FindAllStringSubmatch(rules, -1) {
		if f := fields[use[1]]; f != nil {
			f.own = true
		}
	}
	for _, name := range word.FindAllString(rules, -1) {
		if f := fields[name]; f != nil {
			f.elsewhere = true
		}
	}
	if included.MatchString(rules) {
		for _, f := range fields {
			f.elsewhere = true
		}
	}
}

// spelledOut puts c.stored() where a function has a variable for it, unless the
// function has another of that name.
func spelledOut(function string) string {
	for _, let := range bound.FindAllStringSubmatch(function, -1) {
		name := regexp.QuoteMeta(let[1])
		others := regexp.MustCompile(`(?:\blet|\bmut|\bfor|\||\bSome\s*\()\s*` + name + `\b`)
		if len(others.FindAllString(function, -1)) == 1 {
			function = regexp.MustCompile(`\b`+name+`\s*\.`).ReplaceAllString(function, "c.stored().")
		}
	}
	return function
}
