// Package fold makes the key under which names are compared.
//
// Spellings of one name differ by letters that look alike (heh U+0647 and
// U+06BE, yeh and alef maksura), by marks, by the article, by a hyphen. Unicode
// compatibility normalisation (NFKC) unifies none of the Arabic letters, so the
// key folds them itself. A key is for finding, never for merging: two persons
// may share one.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Version is that of the folding: a store that has keys of another makes them anew. It is
// raised whenever Key gives some name another key.
const Version = 1

// letters maps what decomposition leaves apart. Hamza carriers (أ إ آ ؤ ئ) are
// decomposed into letter and mark by NFKD, and the mark is dropped.
var letters = map[rune]rune{
	'ٱ': 'ا',
	'ى': 'ي', 'ی': 'ي', 'ێ': 'ي', 'ے': 'ي', 'ې': 'ي', 'ۍ': 'ي',
	'ک': 'ك', 'ڪ': 'ك',
	'ة': 'ه', 'ۃ': 'ه', 'ھ': 'ه', 'ہ': 'ه', 'ە': 'ه',
	'ڕ': 'ر', 'ڵ': 'ل', 'ۆ': 'و', 'ۇ': 'و',
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd',
}

const (
	tatweel = 'ـ'
	// apostrophes join: Ka'b and Kab are one word. They include the signs for
	// ayn and hamza. They go before decomposition, which makes a blank and a
	// mark of the acute accent, and again behind it, which brings some out.
	apostrophes = "'’‘‛′`´ʿʾʼʻʽʹˈʔʕꞌ＇"
)

// Key returns the folded key of a name: words in lower case, marks, articles
// and joiners removed, separated by single blanks. It is "" where nothing is
// left. Key(Key(s)) == Key(s).
func Key(name string) string { return strings.Join(Words(name), " ") }

// Words returns the words of a name's key.
func Words(name string) []string {
	return splitServants(dropArticles(strings.Fields(plain(name))))
}

// plain lowers the text to letters, digits and blanks.
func plain(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(dropApostrophes(name)) {
		if folded, ok := letters[r]; ok {
			r = folded
		}
		switch {
		case r == tatweel, unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), isApostrophe(r):
		case unicode.IsDigit(r):
			b.WriteRune(asciiDigit(r))
		case unicode.IsLetter(r):
			// Lower case can bring marks back (İ), so fold each rune and keep letters.
			for _, l := range norm.NFKD.String(strings.ToLower(string(r))) {
				if folded, ok := letters[l]; ok {
					l = folded
				}
				if unicode.IsLetter(l) && !isApostrophe(l) {
					b.WriteRune(l)
				}
			}
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func isApostrophe(r rune) bool { return strings.ContainsRune(apostrophes, r) }

func dropApostrophes(s string) string {
	return strings.Map(func(r rune) rune {
		if isApostrophe(r) {
			return -1
		}
		return r
	}, s)
}

// asciiDigit writes Arabic-Indic and extended Arabic-Indic digits in ASCII;
// NFKD has already done so for full-width ones.
func asciiDigit(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return '0' + r - '٠'
	case r >= '۰' && r <= '۹':
		return '0' + r - '۰'
	}
	return r
}

// articles are the spellings of the article as a word of its own, assimilated
// (as-Sadr) or not. minStem is how many letters a word keeps when the article
// or ʿabd is cut from its beginning: Allah in Arabic letters is no article with
// a stem of two.
var articles = map[string]bool{"al": true, "el": true, "ul": true, "ad": true, "ar": true, "as": true, "ash": true, "az": true}

const (
	arabicArticle = "ال"
	minStem       = 3
)

// dropArticles removes the article, as a word of its own in Latin letters and
// as a prefix in Arabic ones, unless nothing but the article is there.
func dropArticles(words []string) []string {
	out := words[:0:0]
	for _, w := range words {
		if w = cutArticle(w); !articles[w] {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// cutArticle cuts the Arabic article as often as it is there, so that a key
// folds to itself.
func cutArticle(w string) string {
	for {
		rest, ok := strings.CutPrefix(w, arabicArticle)
		if !ok || utf8.RuneCountInString(rest) < minStem {
			return w
		}
		w = rest
	}
}

// servant is ʿabd in the two scripts.
const (
	servant       = "abd"
	arabicServant = "عبد"
)

// god are the spellings of Allah behind ʿabd, with what is left of it where the
// article was taken for that of the compound.
var god = map[string]bool{"allah": true, "alla": true, "ullah": true, "ulla": true, "elah": true, "lah": true, "la": true}

// splitServants writes names built with ʿabd as two words: abd al-hadi, abdul
// hadi and abdulhadi all become abd hadi, so that either word finds them.
func splitServants(words []string) []string {
	var out []string
	for _, w := range words {
		for {
			head, rest := splitServant(w)
			if len(out) > 0 && out[len(out)-1] == servant && god[head] {
				head = "allah"
			}
			out = append(out, head)
			if rest == "" {
				break
			}
			w = rest
		}
	}
	return out
}

// splitServant splits one word behind ʿabd and its article. rest is "" where
// there is nothing to split.
func splitServant(w string) (head, rest string) {
	switch w {
	case "abdul", "abdel", "abdal":
		return servant, ""
	case arabicServant + arabicArticle:
		return arabicServant, ""
	}
	// The a of abdal may be of the name behind it (Abd Ali), so what is behind
	// the whole needs a stem; that of abdul and abdel is always the article.
	for _, cut := range []struct {
		prefix, head string
		least        int
	}{{arabicServant, arabicServant, minStem}, {"abdul", servant, 1}, {"abdel", servant, 1}, {"abdal", servant, minStem}, {servant, servant, minStem}} {
		rest, ok := strings.CutPrefix(w, cut.prefix)
		if !ok || utf8.RuneCountInString(rest) < cut.least {
			continue
		}
		if rest = cutArticle(rest); !articles[rest] {
			return cut.head, rest
		}
	}
	return w, ""
}
