package embedded

import (
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// findWay asks for one document after the other. It leaves finds with a skip to the database.
func findWay(where target, command bson.D) way {
	filter, _ := field(command, "filter").DocumentOK()
	find := narrow(where, filter)
	if skip, _ := field(command, "skip").AsInt64OK(); find == nil || skip != 0 {
		return nil
	}
	_, isSorted := field(command, "sort").DocumentOK()
	limit, _ := field(command, "limit").AsInt64OK()
	_, isProjected := field(command, "projection").DocumentOK()
	one := without(command, "sort", "limit", "batchSize", "singleBatch")
	return func(t *turn) (any, error) {
		docs, err := t.findByID(command, find)
		if errors.Is(err, errAsItIs) && isSorted {
			conditions, _ := fields(filter)
			docs, err = t.page(where, command, conditions, limit)
		}
		if err != nil {
			return nil, err
		}
		if limit > 0 {
			docs = docs[:min(int64(len(docs)), limit)]
		}
		if isProjected {
			if docs, err = t.project(one, docs); err != nil {
				return nil, err
			}
		}
		return batch(where, docs...), nil
	}
}

// findByID are the documents that a find finds, in its order.
func (t *turn) findByID(command bson.D, find func(*turn) (byID, error)) ([]bson.RawValue, error) {
	f, err := find(t)
	if err != nil {
		return nil, err
	}
	sort, isSorted := field(command, "sort").DocumentOK()
	most, _ := field(command, "limit").AsInt64OK()
	if isSorted && len(f.ids) > 1 {
		most = 0
	}
	docs, err := t.allMatching(command, f, most)
	if err == nil && isSorted && !inOrder(docs, sort) {
		err = errAsItIs
	}
	return docs, err
}

// project asks for the documents once more, with only the fields of the projection.
func (t *turn) project(one bson.D, docs []bson.RawValue) (list []bson.RawValue, err error) {
	for _, doc := range docs {
		projected, err := t.documents(with(one, "filter", bson.D{{Key: "_id", Value: doc.Document().Lookup("_id")}}))
		if err != nil {
			return nil, err
		}
		list = append(list, projected...)
	}
	return list, nil
}

// batch is the reply to a find or aggregate, with everything in it.
func batch[V any](where target, docs ...V) bson.D {
	list := bson.A{}
	for _, doc := range docs {
		list = append(list, doc)
	}
	return bson.D{
		{Key: "cursor", Value: bson.D{{Key: "firstBatch", Value: list}, {Key: "id", Value: int64(0)}, {Key: "ns", Value: where.db + "." + where.collection}}},
		{Key: "ok", Value: float64(1)},
	}
}

// aggregateWay counts, or gives a single id a stage of its own. Other pipelines go to the database
// unchanged.
func aggregateWay(where target, command bson.D) way {
	pipeline, _ := field(command, "pipeline").ArrayOK()
	stages, err := pipeline.Values()
	if err != nil || len(stages) == 0 {
		return nil
	}
	first, _ := stages[0].DocumentOK()
	filter, isMatch := first.Lookup("$match").DocumentOK()
	if !isMatch {
		return nil
	}
	if f, ok := named(filter); ok && len(f.ids) == 1 {
		split := bson.A{bson.D{{Key: "$match", Value: bson.D{{Key: "_id", Value: f.ids[0]}}}}}
		if len(f.rest) > 0 {
			split = append(split, bson.D{{Key: "$match", Value: f.rest}})
		}
		for _, stage := range stages[1:] {
			split = append(split, stage)
		}
		return func(t *turn) (any, error) { return t.ask(with(command, "pipeline", split)) }
	}
	find := narrow(where, filter)
	group, most, isCount := countOf(stages[1:])
	if find == nil || !isCount {
		return nil
	}
	return func(t *turn) (any, error) {
		f, err := find(t)
		if err != nil {
			return nil, err
		}
		docs, err := t.allMatching(command, f, most)
		if err != nil || len(docs) == 0 {
			return batch[any](where), err
		}
		return batch(where, bson.D{{Key: "_id", Value: group}, {Key: "n", Value: int32(len(docs))}}), nil //nolint:gosec // few
	}
}

// countOf reads the stages by which the driver counts: [{$limit: most}], {$group: {_id:
// group, n: {$sum: 1}}}.
func countOf(stages []bson.RawValue) (group bson.RawValue, most int64, ok bool) {
	if len(stages) == 2 {
		limit, isLimit := stages[0].Document().Lookup("$limit").AsInt64OK()
		if !isLimit {
			return group, 0, false
		}
		most, stages = limit, stages[1:]
	}
	if len(stages) != 1 {
		return group, 0, false
	}
	by, _ := stages[0].Document().Lookup("$group").DocumentOK()
	all, err := by.Elements()
	if err != nil || len(all) != 2 || all[0].Key() != "_id" || all[1].Key() != "n" {
		return group, 0, false
	}
	sum, _ := by.Lookup("n", "$sum").AsInt64OK()
	group = all[0].Value()
	return group, most, sum == 1 && group.IsNumber()
}
