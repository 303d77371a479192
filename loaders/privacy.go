package loaders

import (
	"slices"
	"strings"
)

// DefaultDeny are the fields that are never loaded unless Options.Deny says
// otherwise: they identify, or put at risk, the persons in a record and answer
// no question about institutions. Case, blanks and punctuation do not matter.
func DefaultDeny() []string {
	return []string{
		"passport", "passportNumber", "idNumber", "nationalId", "nationalIdNumber", "identityNumber", "nationalIdentity",
		"socialSecurityNumber", "ssn", "taxNumber", "religion", "sect", "ethnicity", "ethnic", "race", "tribalOrigin",
		"sexualOrientation", "phone", "telephone", "mobile", "email", "homeAddress", "contactDetails", "bankAccount", "iban",
		"medical", "health",
	}
}

// denier returns the test whether a field is on the list. The last part of a
// path or of a prefixed column counts too: "person:passport_number".
func denier(deny []string) func(string) bool {
	keys := make([]string, len(deny))
	for i, d := range deny {
		keys[i] = fieldKey(d)
	}
	return func(field string) bool {
		if slices.Contains(keys, fieldKey(field)) {
			return true
		}
		parts := strings.FieldsFunc(field, func(r rune) bool { return r == ':' || r == '.' })
		return slices.ContainsFunc(parts, func(p string) bool { return slices.Contains(keys, fieldKey(p)) })
	}
}

func fieldKey(field string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r > 127:
			return r
		}
		return -1
	}, field)
}
