package exec

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// scan walks the text of a document once, allocates nothing and refuses what exceeds the limits, so that nothing is
// ever built from an oversized document. It follows the lexer of gqlparser to the byte: where the two could differ, text
// that the parser would see as tokens might go uncounted. What it cannot read it refuses as a syntax error.
func scan(src string, l Limits) *Error {
	if len(src) > l.DocumentBytes {
		return limitError("the document has %d bytes, the limit is %d", len(src), l.DocumentBytes)
	}
	if !utf8.ValidString(src) {
		return newError(CodeParse, "the document is not valid UTF-8")
	}
	var tokens, depth, directives int
	for i := 0; i < len(src); {
		c := src[i]
		if c == ' ' || c == ',' || c == '\t' || c == '\n' || c == '\r' {
			i++
			continue
		}
		if strings.HasPrefix(src[i:], "\ufeff") {
			i += len("\ufeff")
			continue
		}
		if tokens++; tokens > l.Tokens {
			return limitError("the document has more than %d tokens", l.Tokens)
		}
		start := i
		switch {
		case c == '{' || c == '[' || c == '(':
			if depth++; depth > l.BracketDepth {
				return limitError("the document nests brackets deeper than %d", l.BracketDepth)
			}
			i++
		case c == '}' || c == ']' || c == ')':
			depth--
			i++
		case c == '@':
			if directives++; directives > l.Directives {
				return limitError("the document uses more than %d directives", l.Directives)
			}
			i++
		case strings.IndexByte("!$&:=|", c) >= 0:
			i++
		case strings.HasPrefix(src[i:], "..."):
			i += 3
		case c == '#':
			for i < len(src) && (src[i] > 0x1f || src[i] == '\t') {
				i++
			}
		case isNameByte(c) || c == '-':
			// A number is held to the same length as a name; 1.5e3 is read as one run.
			number := c == '-' || c <= '9'
			for i++; i < len(src) && (isNameByte(src[i]) || number && strings.IndexByte(".+-", src[i]) >= 0); {
				i++
			}
			if i-start > l.NameLength {
				return limitError("%s a name or number of %d bytes, the limit is %d", place(src, start), i-start, l.NameLength)
			}
			if number {
				i = endOfNumber(src, start)
			}
		case c == '"':
			end, ok := endOfString(src, i)
			if !ok {
				return newError(CodeParse, "Syntax Error: Unterminated string.", locate(src, start))
			}
			i = end
		default:
			r, _ := utf8.DecodeRuneInString(src[i:])
			return newError(CodeParse, fmt.Sprintf("Syntax Error: Unexpected character %q.", r), locate(src, i))
		}
	}
	return nil
}

func isNameByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// endOfNumber returns where the number that starts at i ends; text that directly follows it is the next token.
func endOfNumber(src string, i int) int {
	digits := func() {
		for i < len(src) && '0' <= src[i] && src[i] <= '9' {
			i++
		}
	}
	if src[i] == '-' {
		i++
	}
	digits()
	if i < len(src) && src[i] == '.' {
		i++
		digits()
	}
	if i < len(src) && (src[i] == 'e' || src[i] == 'E') {
		if i++; i < len(src) && (src[i] == '+' || src[i] == '-') {
			i++
		}
		digits()
	}
	return i
}

// endOfString returns where the string or block string that starts at i ends.
func endOfString(src string, i int) (int, bool) {
	if !strings.HasPrefix(src[i:], `"""`) {
		for i++; i < len(src); i++ {
			switch src[i] {
			case '"':
				return i + 1, true
			case '\\':
				i++
			case '\n', '\r':
				return 0, false
			}
		}
		return 0, false
	}
	for i += 3; i < len(src); {
		switch {
		case strings.HasPrefix(src[i:], `\"""`):
			i += 4
		case strings.HasPrefix(src[i:], `"""`):
			// Of a longer run of quotes the last three close, as in gqlparser.
			for i < len(src) && src[i] == '"' {
				i++
			}
			return i, true
		default:
			i++
		}
	}
	return 0, false
}

// locate turns a byte offset into a line and a column counted in characters.
func locate(src string, at int) Location {
	before := src[:at]
	line := 1 + strings.Count(before, "\n")
	start := strings.LastIndexByte(before, '\n') + 1
	return Location{Line: line, Column: 1 + utf8.RuneCountInString(before[start:])}
}

func place(src string, at int) string {
	l := locate(src, at)
	return fmt.Sprintf("line %d, column %d:", l.Line, l.Column)
}
