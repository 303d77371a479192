package neo4jstore

import "context"

// tip returns where the database stands.
func (s *Store) tip(ctx context.Context) (standing, error) {
	return s.tips.ask(ctx, s, s.probe)
}
