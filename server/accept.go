package server

import (
	"mime"
	"strconv"
	"strings"
)

// The two media types of a response.
const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
)

// negotiate chooses the media type of the response by the Accept headers; ok is false if
// they allow neither. The higher q wins, then the more exact range. Between two exact ones
// the newer media type wins, and application/json between two wildcards, for it was there
// first. A range that cannot be parsed counts for nothing.
func negotiate(accept []string) (media string, ok bool) {
	ranges := parseAccept(strings.Join(accept, ","))
	if ranges == nil {
		return mediaJSON, true
	}
	json, response := ranges.weigh(mediaJSON), ranges.weigh(mediaResponse)
	switch {
	case json.q == 0 && response.q == 0:
		return "", false
	case json.q != response.q:
		if json.q > response.q {
			return mediaJSON, true
		}
		return mediaResponse, true
	case response.exact > json.exact, response.exact == exactType && json.exact == exactType:
		return mediaResponse, true
	}
	return mediaJSON, true
}

// How closely a media range names a type.
const (
	anyType = iota
	anySubtype
	exactType
)

type mediaRange struct {
	name  string
	q     float64
	exact int
}

type mediaRanges []mediaRange

// parseAccept returns nil for a header that is missing or empty.
func parseAccept(header string) mediaRanges {
	if strings.TrimSpace(header) == "" {
		return nil
	}
	ranges := mediaRanges{}
	for part := range strings.SplitSeq(header, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		if charset, ok := params["charset"]; ok && !isUTF8(charset) {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			q, err = strconv.ParseFloat(text, 64)
			if err != nil || !(q >= 0 && q <= 1) {
				continue
			}
		}
		exact := exactType
		switch {
		case name == "*/*":
			exact = anyType
		case strings.HasSuffix(name, "/*"):
			exact = anySubtype
		}
		ranges = append(ranges, mediaRange{name: name, q: q, exact: exact})
	}
	return ranges
}

// weigh returns what the most exact range says of a media type, of equally exact ones the
// kindest.
func (rs mediaRanges) weigh(media string) mediaRange {
	major, _, _ := strings.Cut(media, "/")
	best := mediaRange{exact: -1}
	for _, r := range rs {
		if r.name != media && r.name != major+"/*" && r.name != "*/*" {
			continue
		}
		if r.exact > best.exact || r.exact == best.exact && r.q > best.q {
			best = r
		}
	}
	return best
}

func isUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
