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

	"golang.org/x/text/unicode/norm"
)

// letters maps what decomposition leaves apart. Hamza carriers (أ إ آ ؤ ئ) are
// decomposed into letter and mark by NFKD, and the mark is dropped.
var letters = map[rune]rune{
	'ٱ': 'ا',
	'ى': 'ي', 'ی': 'ي', 'ێ': 'ي', 'ے': 'ي',
	'ک': 'ك', 'ڪ': 'ك',
	'ة': 'ه', 'ھ': 'ه', 'ہ': 'ه', 'ە': 'ه', 'ۀ': 'ه',
	'ڕ': 'ر', 'ڵ': 'ل', 'ۆ': 'و', 'ۇ': 'و',
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd',
}

const (
	tatweel = 'ـ'
	// apostrophes join: Ka'b and Kab are one word. They include the signs for
	// ayn and hamza.
	apostrophes = "'’‘`´ʿʾʼʻ‛ʽ"
)

// Key returns the folded key of a name: words in lower case, marks, articles
// and joiners removed, separated by single blanks. It is "" where nothing is
// left. Key(Key(s)) == Key(s).
func Key(name string) string {
	var words []string
	for word := range strings.SplitSeq(plain(name), " ") {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(joinServant(dropArticles(words)), " ")
}

// Words returns the words of a name's key.
func Words(name string) []string { return strings.Fields(Key(name)) }

// plain lowers the text to letters, digits and blanks.
func plain(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(name) {
		if folded, ok := letters[r]; ok {
			r = folded
		}
		switch {
		case r == tatweel, unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r), strings.ContainsRune(apostrophes, r):
		case unicode.IsDigit(r):
			b.WriteRune(asciiDigit(r))
		case unicode.IsLetter(r):
			// Lower case can bring marks back (İ), so fold each rune and keep letters.
			for _, l := range norm.NFKD.String(strings.ToLower(string(r))) {
				if unicode.IsLetter(l) && l != tatweel {
					if folded, ok := letters[l]; ok {
						l = folded
					}
					b.WriteRune(l)
				}
			}
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
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

var articles = map[string]bool{"al": true, "el": true, "ul": true}

// dropArticles removes the article, as a word of its own in Latin letters and
// as a prefix in Arabic ones, unless nothing but the article is there.
func dropArticles(words []string) []string {
	out := words[:0:0]
	for _, w := range words {
		if articles[w] {
			continue
		}
		if rest, ok := strings.CutPrefix(w, "ال"); ok && len([]rune(rest)) >= 3 {
			w = rest
		}
		out = append(out, w)
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// servants are the spellings of ʿabd (al-): names built with it are written
// solid or split.
var servants = []string{"abdul", "abdel", "abdal", "abd", "عبدال", "عبد"}

// joinServant writes names built with ʿabd solid: abd al-hadi, abdul hadi and
// abdulhadi all become abdhadi.
func joinServant(words []string) []string {
	var out []string
	for i := 0; i < len(words); i++ {
		w := words[i]
		for _, s := range servants {
			rest, ok := strings.CutPrefix(w, s)
			if !ok {
				continue
			}
			if rest == "" && i+1 < len(words) {
				i++
				rest = words[i]
				if arabic, cut := strings.CutPrefix(rest, "ال"); cut {
					rest = arabic
				}
			}
			if len(rest) < 2 {
				break
			}
			stem := "abd"
			if strings.HasPrefix(s, "ع") {
				stem = "عبد"
			}
			w = stem + rest
			break
		}
		out = append(out, w)
	}
	return out
}
