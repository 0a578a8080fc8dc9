package cache

// Record is a slot for one record, be it there or not.
func (c *Cache) Record(collection, record string) Slot {
	return c.versions.slot(ofRecord, collection, record)
}

// Rows is a slot for whatever a collection has and lacks.
func (c *Cache) Rows(collection string) Slot { return c.versions.slot(ofRows, collection, "") }

// Whole is a slot that does not change with records: it is for all of a collection to
// be dropped at once.
func (c *Cache) Whole(collection string) Slot { return c.versions.slot(ofWhole, collection, "") }

// TouchRecord says that a record was created, updated or deleted. It is called after
// that was done: who asks from then on is not answered from before.
func (c *Cache) TouchRecord(collection, record string) {
	c.versions.touch(c.Record(collection, record), c.Rows(collection))
}

// TouchRows says that records of a collection may have been created that nobody has asked for.
func (c *Cache) TouchRows(collection string) { c.versions.touch(c.Rows(collection)) }

// TouchCollection says that any records of a collection may have changed.
func (c *Cache) TouchCollection(collection string) {
	c.versions.touch(c.Whole(collection), c.Rows(collection))
}

// TouchAll says that anything may have changed.
func (c *Cache) TouchAll() { c.versions.touch(everything) }
