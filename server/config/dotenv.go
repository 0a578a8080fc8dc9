package config

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/joho/godotenv"
)

// dotenv reads the .env file. The parser's errors quote the file, secrets
// included, so only the line is reported.
func (l *loader) dotenv(o Options) map[string]setting {
	name := cmp.Or(o.EnvFile, DefaultEnvFile)
	env := map[string]setting{}
	data, ok := l.contents(name, o.EnvNamed, "--env")
	if !ok {
		return env
	}
	lines := strings.Split(string(data), "\n")
	values, err := godotenv.UnmarshalBytes(data)
	if err != nil {
		l.report(Problem{File: name, Line: brokenLine(lines), Message: "is not of the form NAME=value",
			Remedy: "close its quotes, or write the value in single quotes"})
		return env
	}
	for key, value := range values {
		env[key] = setting{value, place{name, lineOf(key, lines), key}}
	}
	return env
}

// brokenLine is the line after the longest start of the file that parses.
func brokenLine(lines []string) int {
	for n := len(lines) - 1; n > 0; n-- {
		if _, err := godotenv.Unmarshal(strings.Join(lines[:n], "\n")); err == nil {
			return n + 1
		}
	}
	return 1
}

// lineOf is the line of a variable's last assignment, which is the one that counts.
func lineOf(name string, lines []string) int {
	assigns := regexp.MustCompile(`^\s*(export\s+)?` + regexp.QuoteMeta(name) + `\s*[=:]`)
	for i, line := range slices.Backward(lines) {
		if assigns.MatchString(line) {
			return i + 1
		}
	}
	return 0
}
