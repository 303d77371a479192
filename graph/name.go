package graph

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/language"
)

// NameKind says what a name is to its bearer: one of the kinds below, or another word
// of small letters, digits, - and _ that begins with a letter, such as former, of
// at most 64 bytes.
type NameKind string

// The kinds of name.
const (
	PrimaryName      NameKind = "primary"
	NativeName       NameKind = "native"
	AliasName        NameKind = "alias"
	TransliteralName NameKind = "transliteration"
	AbbreviatedName  NameKind = "abbreviation"
	NomDeGuerre      NameKind = "nom_de_guerre"
)

// NameKinds returns the known kinds of name.
func NameKinds() []NameKind {
	return []NameKind{PrimaryName, NativeName, AliasName, TransliteralName, AbbreviatedName, NomDeGuerre}
}

// Name is one name as the source writes it. The text is never folded or
// cleaned: matching uses a key beside it (package fold).
type Name struct {
	Text   string   `json:"text"`
	Lang   string   `json:"lang,omitempty"`   // BCP 47, "" where unknown
	Script string   `json:"script,omitempty"` // ISO 15924, "" where unknown
	Kind   NameKind `json:"kind,omitempty"`   // "" where unsaid
}

// What may stand beside a name. A language is held to the letters of BCP 47 only: data
// has tags such as zh-classical and be_x_old, which the standard has not.
var (
	nameKindForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,63}$`)
	langForm     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,35}$`)
)

// name checks a name and what stands beside it.
func (c *check) name(name Name) {
	if len(name.Text) > MaxName {
		c.bad(RuleText, "names", name.Text, "a name has at most "+strconv.Itoa(MaxName)+" bytes, this one "+strconv.Itoa(len(name.Text)))
		return
	}
	c.text("names", name.Text)
	if strings.TrimSpace(name.Text) == "" {
		c.bad(RuleNameMissing, "names", name.Text, "a name cannot be blank")
	}
	if kind := string(name.Kind); kind != "" && c.text("nameKinds", kind) && !nameKindForm.MatchString(kind) {
		c.bad(RuleWord, "nameKinds", kind, "the kind of a name is a word of at most 64 small letters, digits, - and _, such as alias")
	}
	if name.Lang != "" && c.text("nameLangs", name.Lang) && !langForm.MatchString(name.Lang) {
		c.bad(RuleWord, "nameLangs", name.Lang, "a language is a BCP 47 tag of at most 35 letters, digits and -, such as ar or en-GB")
	}
	if name.Script != "" && c.text("nameScripts", name.Script) {
		c.script(name.Script)
	}
}

func (c *check) script(code string) {
	known, err := language.ParseScript(code)
	switch {
	case err != nil:
		c.bad(RuleWord, "nameScripts", code, "not an ISO 15924 code, such as Arab or Latn")
	case known.String() != code:
		c.bad(RuleForm, "nameScripts", code, "not in canonical form, which is "+strconv.Quote(known.String()))
	}
}
