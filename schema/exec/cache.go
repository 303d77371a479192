package exec

import (
	"container/list"
	"crypto/sha256"
	"sync"
)

// documentWeight estimates the memory of a parsed document and its plans per byte of its text.
const documentWeight = 128

// cache keeps valid documents by the hash of their text, the least recently used are dropped first. Documents that do
// not validate are never kept, so that nobody can push out the good ones with rubbish at no cost.
type cache struct {
	mu    sync.Mutex
	limit int
	size  int
	order list.List // of *document, most recent first
	byKey map[[sha256.Size]byte]*list.Element
}

func newCache(limit int) *cache {
	return &cache{limit: limit, byKey: map[[sha256.Size]byte]*list.Element{}}
}

func (c *cache) get(key [sha256.Size]byte) *document {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil
	}
	c.order.MoveToFront(e)
	return e.Value.(*document)
}

func (c *cache) put(doc *document) {
	weight := doc.weight()
	if weight > c.limit {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[doc.key]; ok {
		return
	}
	c.byKey[doc.key] = c.order.PushFront(doc)
	for c.size += weight; c.size > c.limit; {
		last := c.order.Back()
		old := c.order.Remove(last).(*document)
		delete(c.byKey, old.key)
		c.size -= old.weight()
	}
}

func (d *document) weight() int { return 1024 + documentWeight*len(d.source) }
