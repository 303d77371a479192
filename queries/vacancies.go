package queries

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"entangle/graph"
	"entangle/graph/projection"
	"entangle/queries/estimate"
	"entangle/queries/worlds"
)

// VacanciesInput asks which posts nobody certainly holds.
type VacanciesInput struct {
	// Institutions to look at, by id; every one with a post where empty.
	Institutions []graph.ID
	// First is the most institutions and posts listed; Evidence the most claims for each post.
	First, Evidence int
}

// DefaultVacancies asks about all.
func DefaultVacancies() VacanciesInput {
	return VacanciesInput{First: DefaultFirst, Evidence: DefaultEvidence}
}

// VacancyKind says how a post is without a certain holder. The kinds do not overlap, and
// mean different things: they are never added up.
type VacancyKind string

const (
	// Vacant says that nobody holds it on record, and that a tenure ended or somebody states it.
	Vacant VacancyKind = "VACANT"
	// NoHolder says that nobody holds it on record, and nothing that anybody did: it may
	// be held by somebody who is not on record.
	NoHolder VacancyKind = "NO_HOLDER"
	// Doubtful says that whoever holds it on record acts only, or holds it possibly: by
	// the dates of the claims, whatever their confidence.
	Doubtful VacancyKind = "DOUBTFUL"
)

// VacanciesReport is the answer: the institutions with the most vacant posts first, then
// the most without holder, then the most doubtful ones; their posts in the same order, the
// weightiest first.
type VacanciesReport struct {
	Basis RecordBasis
	// Institutions that were asked about, nil for all.
	Institutions []Ref
	// Bodies and Posts are the first of each.
	Bodies []VacantBody
	Posts  []Vacancy
	// BodyCount and PostCount are all of them.
	BodyCount, PostCount int
}

// VacantBody counts the posts of an institution.
type VacantBody struct {
	Ref
	// Posts on record, and of these those that nobody certainly holds, by kind.
	Posts, Vacant, NoHolder, Doubtful int
}

// Vacancy is a post that nobody certainly holds. A post of two institutions is listed for
// both.
type Vacancy struct {
	Ref
	Institution Ref
	Kind        VacancyKind
	// Since is the end of the last tenure, or since when the vacancy is stated, whichever
	// is later; unknown where there is neither, and of a post that is doubtful.
	Since graph.Date
	// Stated: the vacancy is stated, from that day at the latest.
	Stated bool
	// Ties are the claim of the last tenure, or the claims of the doubtful holders, the
	// surest first.
	Ties []Step
}

// Vacancies lists, for each institution, which posts are vacant on record, which have no
// holder on it and which only a doubtful one. It fails with worlds.ErrInput for a node that is no
// institution and for a picture without tenures, with worlds.ErrUnknown for no node.
func Vacancies(ctx context.Context, s *projection.Snapshot, in VacanciesInput) (*VacanciesReport, error) {
	bodies, err := in.check(s)
	if err != nil {
		return nil, err
	}
	r := &VacanciesReport{Basis: recordBasis(s, nil), Institutions: namedRefs(s, in.Institutions)}
	r.Basis.concerns(s, false, in.Institutions...)
	posts := map[graph.ID][]Vacancy{}
	for _, body := range bodies {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ref := s.Ref(body)
		if count, vacancies := vacanciesOf(s, body, in.Evidence); count.Posts > 0 {
			r.Bodies = append(r.Bodies, count)
			posts[ref.ID] = vacancies
		}
	}
	slices.SortFunc(r.Bodies, func(a, b VacantBody) int {
		return cmp.Or(cmp.Compare(b.Vacant, a.Vacant), cmp.Compare(b.NoHolder, a.NoHolder), cmp.Compare(b.Doubtful, a.Doubtful), cmp.Compare(a.ID, b.ID))
	})
	for _, body := range r.Bodies {
		r.Posts = append(r.Posts, posts[body.ID]...)
	}
	r.BodyCount, r.PostCount = len(r.Bodies), len(r.Posts)
	r.Bodies, r.Posts = r.Bodies[:min(in.First, r.BodyCount)], r.Posts[:min(in.First, r.PostCount)]
	return r, nil
}

func (in *VacanciesInput) check(s *projection.Snapshot) (bodies []int32, err error) {
	switch {
	case in.First < 0 || in.Evidence < 0:
		return nil, fmt.Errorf("%w: first %d and evidence %d: neither may be negative", worlds.ErrInput, in.First, in.Evidence)
	case !s.Options().Tenures:
		return nil, fmt.Errorf("%w: the picture was taken without tenures", worlds.ErrInput)
	}
	for _, id := range in.Institutions {
		node, ok := s.Index(id)
		switch {
		case !ok:
			return nil, fmt.Errorf("%w: %q", worlds.ErrUnknown, id)
		case s.Kind(node) != graph.Institution:
			return nil, fmt.Errorf("%w: %q is a %s; vacancies are asked of institutions", worlds.ErrInput, id, s.Kind(node))
		}
		bodies = append(bodies, node)
	}
	if len(bodies) == 0 {
		lo, hi := s.Range(graph.Institution)
		for i := lo; i < hi; i++ {
			bodies = append(bodies, i)
		}
	}
	slices.Sort(bodies)
	return slices.Compact(bodies), nil
}

// vacanciesOf goes through the posts of an institution, each once however many claims put
// it there.
func vacanciesOf(s *projection.Snapshot, body int32, evidence int) (VacantBody, []Vacancy) {
	count := VacantBody{Ref: s.Ref(body)}
	var out []Vacancy
	seen := map[int32]bool{}
	for _, t := range s.In(graph.PostIn, body) {
		post := s.Tie(t).From
		if seen[post] {
			continue
		}
		seen[post] = true
		count.Posts++
		v, free := vacancyOf(s, post, evidence)
		if !free {
			continue
		}
		v.Institution = count.Ref
		switch v.Kind {
		case Vacant:
			count.Vacant++
		case NoHolder:
			count.NoHolder++
		case Doubtful:
			count.Doubtful++
		}
		out = append(out, v)
	}
	weight := func(v Vacancy) int32 {
		post, _ := s.Index(v.ID)
		return s.Seat(post).Weight
	}
	order := []VacancyKind{Vacant, NoHolder, Doubtful}
	slices.SortFunc(out, func(a, b Vacancy) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), cmp.Compare(weight(b), weight(a)), cmp.Compare(a.ID, b.ID))
	})
	return count, out
}

// vacancyOf says how a post is without a certain holder, if it is.
func vacancyOf(s *projection.Snapshot, post int32, evidence int) (v Vacancy, free bool) {
	seat := s.Seat(post)
	v = Vacancy{Ref: s.Ref(post), Kind: NoHolder, Stated: seat.Vacant.Known() && seat.Vacant.Latest <= s.Options().AsOf}
	holders := slices.Clone(s.In(graph.Holds, post))
	for _, t := range holders {
		if tie := s.Tie(t); !tie.Possible && !tie.Acting {
			return v, false
		}
	}
	if len(holders) > 0 {
		v.Kind = Doubtful
		slices.SortFunc(holders, func(a, b int32) int {
			return cmp.Or(cmp.Compare(s.Tie(b).Probability, s.Tie(a).Probability), cmp.Compare(a, b))
		})
		for _, t := range holders[:min(evidence, len(holders))] {
			v.Ties = append(v.Ties, worlds.Steps(s, s.Tie(t).From, t)...)
		}
		return v, true
	}
	if v.Stated {
		v.Kind, v.Since = Vacant, seat.Vacant
	}
	if last, ok := s.LastTenure(post); ok {
		if v.Kind != Vacant || last.End.Latest > v.Since.Latest {
			v.Since = last.End
		}
		v.Kind = Vacant
		if evidence > 0 {
			v.Ties = []Step{{
				Tie: last.Tie, Type: graph.Holds, From: s.Ref(last.Holder), To: v.Ref, Along: true,
				Confidence: estimate.Round(float64(last.Probability) / float64(projection.Certain)), // an ended claim does not fade
				Stated:     estimate.Round(float64(last.Probability) / float64(projection.Certain)),
			}}
		}
	}
	return v, true
}
