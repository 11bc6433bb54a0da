package embedded

import "go.mongodb.org/mongo-driver/v2/bson"

// asCommand are the fields of a command that every command knows.
func asCommand(command bson.D) bson.D {
	var common bson.D
	for _, e := range command {
		switch e.Key {
		case "$db", "lsid", "maxTimeMS":
			common = append(common, e)
		}
	}
	return common
}

// findWay asks for one document after the other. A sort of several, and a skip, are
// the database's own to do.
func findWay(command bson.D) way {
	filter, _ := field(command, "filter").DocumentOK()
	f, ok := named(filter)
	sort, _ := field(command, "sort").DocumentOK()
	skip, _ := field(command, "skip").AsInt64OK()
	if !ok || skip != 0 || len(f.ids) > 1 && len(sort) > emptyDoc {
		return nil
	}
	limit, _ := field(command, "limit").AsInt64OK()
	_, isProjected := field(command, "projection").DocumentOK()
	one := without(command, "sort", "limit", "batchSize", "singleBatch")
	return func(t *turn) (any, error) {
		found := bson.A{}
		for _, id := range f.ids {
			docs, err := t.matching(command, id, f.rest)
			if err != nil {
				return nil, err
			}
			if len(docs) > 0 && isProjected {
				docs, err = t.documents(with(one, "filter", bson.D{{Key: "_id", Value: id}}))
			}
			if err != nil {
				return nil, err
			}
			for _, doc := range docs {
				found = append(found, doc)
			}
			if limit > 0 && int64(len(found)) >= limit {
				break
			}
		}
		ns := field(command, "$db").StringValue() + "." + command[0].Value.(bson.RawValue).StringValue()
		return bson.D{
			{Key: "cursor", Value: bson.D{{Key: "firstBatch", Value: found}, {Key: "id", Value: int64(0)}, {Key: "ns", Value: ns}}},
			{Key: "ok", Value: float64(1)},
		}, nil
	}
}

// emptyDoc is the length of a document without fields.
const emptyDoc = 5

// matching is the document with that id, if it fits the rest of the filter.
func (t *turn) matching(command bson.D, id bson.RawValue, rest bson.D) ([]bson.RawValue, error) {
	collection, byID := command[0].Value, bson.D{{Key: "_id", Value: id}}
	if len(rest) == 0 {
		return t.documents(append(bson.D{{Key: "find", Value: collection}, {Key: "filter", Value: byID}}, asCommand(command)...))
	}
	// Of two stages the first alone reaches the index; the second sees one document.
	return t.documents(append(bson.D{
		{Key: "aggregate", Value: collection},
		{Key: "pipeline", Value: bson.A{bson.D{{Key: "$match", Value: byID}}, bson.D{{Key: "$match", Value: rest}}}},
		{Key: "cursor", Value: bson.D{}},
	}, asCommand(command)...))
}

// aggregateWay gives the id a stage of its own.
func aggregateWay(command bson.D) way {
	pipeline, _ := field(command, "pipeline").ArrayOK()
	stages, err := pipeline.Values()
	if err != nil || len(stages) == 0 {
		return nil
	}
	first, _ := stages[0].DocumentOK()
	filter, isMatch := first.Lookup("$match").DocumentOK()
	f, ok := named(filter)
	if !isMatch || !ok || len(f.ids) != 1 {
		return nil
	}
	split := bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "_id", Value: f.ids[0]}}}}}
	if len(f.rest) > 0 {
		split = append(split, bson.D{{Key: "$match", Value: f.rest}})
	}
	for _, stage := range stages[1:] {
		split = append(split, stage)
	}
	return func(t *turn) (any, error) { return t.ask(with(command, "pipeline", split)) }
}
