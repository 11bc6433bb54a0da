package mongodb

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"faellesskab/internal/fault"
)

// Translate turns an error of the driver into a fault: nothing found is NotFound, a
// duplicate is Conflict, and a database that cannot be reached or takes no writes now
// is Unavailable. Any other error is wrapped with the operation, and so counts as
// Internal. Faults and nil are returned unchanged.
func Translate(op string, err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	cause := fmt.Errorf("%s: %w", op, err)
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, mongo.ErrNoDocuments):
		return fault.NotFound("not_found").Because(cause)
	case isUnavailable(err): // asked before duplicates, since a bulk write may meet both
		return fault.Unavailable("database.unavailable", cause)
	case IsDuplicate(err):
		return fault.Conflict("conflict.duplicate").Because(cause)
	}
	return cause
}

// IsDuplicate reports whether a write met a document with the same _id or the
// same value in a unique index.
func IsDuplicate(err error) bool {
	var said mongo.CommandError
	return mongo.IsDuplicateKeyError(err) ||
		// For an update that meets a unique index the embedded database has no code,
		// only SQLite's message.
		errors.As(err, &said) && strings.Contains(said.Message, "UNIQUE constraint failed")
}

// Duplicates are the indexes, in ascending order, of the documents that an
// unordered InsertMany (or bulk write) refused because they existed already. ok is
// false if anything else went wrong too. For a nil error there are none.
func Duplicates(err error) (indexes []int, ok bool) {
	if err == nil {
		return nil, true
	}
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil {
		return nil, false
	}
	for _, e := range bulk.WriteErrors {
		if !mongo.IsDuplicateKeyError(mongo.WriteException{WriteErrors: mongo.WriteErrors{e.WriteError}}) {
			return nil, false
		}
		indexes = append(indexes, e.Index)
	}
	slices.Sort(indexes)
	return indexes, len(indexes) > 0
}

func isUnavailable(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false // the caller has gone, so nobody reads the answer
	}
	var selection topology.ServerSelectionError
	var connection topology.ConnectionError
	var pool topology.PoolError
	switch {
	case errors.Is(err, context.DeadlineExceeded),
		errors.Is(err, mongo.ErrClientDisconnected),
		mongo.IsTimeout(err),
		mongo.IsNetworkError(err),
		errors.As(err, &selection),
		errors.As(err, &connection),
		errors.As(err, &pool):
		return true
	}
	var server mongo.ServerError
	if !errors.As(err, &server) {
		return false
	}
	return slices.ContainsFunc(unavailable(), server.HasErrorCode) ||
		server.HasErrorLabel("RetryableWriteError") ||
		server.HasErrorLabel("SystemOverloadedError") ||
		// The embedded database has no code for a full disk, only this message.
		strings.Contains(err.Error(), "disk is full")
}
