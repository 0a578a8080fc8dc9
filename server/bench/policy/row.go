package main

// row is a line of a table: something that is called over and over.
type row struct {
	label string
	call  func() error

	calls              int       // that fill a turn
	times              []float64 // nanoseconds of processor time for a call, by round
	allocations, bytes float64   // by a call
	owed               float64   // bytes that are still to be collected
}

// updateRows judge the ordinary update, which is allowed.
func updateRows(all []labelled) []*row {
	var rows []*row
	body := []byte(ordinary)
	for _, e := range all {
		e.signIn(callerOf(ann))
		rows = append(rows, &row{label: e.label, call: func() error {
			_, err := e.update(stored, body)
			return err
		}})
	}
	return rows
}

// pageRows judge a page for one whose record is on it.
func pageRows(all []labelled) []*row {
	var rows []*row
	records := newPage()
	for _, e := range all {
		if p, ok := e.engine.(pager); ok {
			p.signIn(callerOf(ann))
			rows = append(rows, &row{label: e.label, call: func() error { return p.page(records) }})
		}
	}
	return rows
}
