package policy

import "unicode/utf8"

// glob reports whether the whole text matches the pattern, in which * is any
// run of characters and ? any one. It goes back to the last star alone, so its
// steps are at most the product of the lengths; past the budget it gives up.
func glob(pattern, text string, budget int64) (matches bool, steps int64) {
	p, t := 0, 0
	star, resume := -1, 0
	for t < len(text) && steps <= budget {
		steps++
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && pattern[p] == '?':
			p++
			t += width(text[t:])
		case p < len(pattern) && pattern[p] == text[t]:
			p++
			t++
		case star >= 0:
			resume += width(text[resume:])
			p, t = star+1, resume
		default:
			return false, steps
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern) && t == len(text), steps
}

// width is the size of the first character.
func width(text string) int {
	_, n := utf8.DecodeRuneInString(text)
	return n
}
