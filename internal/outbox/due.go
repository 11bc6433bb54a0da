package outbox

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"faellesskab/internal/id"
)

// An entry of due is the id of a batch until one of its effects has failed. Then it is
// the instant of the next try, followed by the id. Both forms sort by time, and all of
// the first form sort before all of the second, so that a sweep comes to batches that
// were never tried before it comes to those that failed.
const (
	waiting  = "try_"
	afterAll = "try`" // after all entries that wait
)

func waitingUntil(t time.Time) string { return fmt.Sprintf("%s%013d", waiting, t.UnixMilli()) }

// entry is the entry of a batch that is due again at an instant.
func entry(t time.Time, batch string) string { return waitingUntil(t) + "_" + batch }

// batchOf is the batch of an entry.
func batchOf(entry string) string {
	if !strings.HasPrefix(entry, waiting) {
		return entry
	}
	_, batch, _ := strings.Cut(strings.TrimPrefix(entry, waiting), "_")
	return batch
}

// writtenBefore reports whether a batch is older than an instant.
func writtenBefore(batch string, t time.Time) bool { return batch < id.At(id.Effect, t) }

// lane is a range of entries.
type lane struct{ from, before string }

func (l lane) has(entry string) bool { return l.from <= entry && entry < l.before }

// fresh is the lane of batches that were written before an instant and of which no
// try has been recorded.
func fresh(t time.Time) lane { return lane{before: id.At(id.Effect, t.Add(time.Millisecond))} }

// again is the lane of batches that have failed and are due again by an instant.
func again(t time.Time) lane {
	return lane{from: waiting, before: waitingUntil(t.Add(time.Millisecond))}
}

// markLength is how many characters at the end of a batch's id name its caller.
const markLength = 8

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// mark is the end of the ids of a caller's batches. It lets a document's batches be
// told apart by caller without reading their effects.
func mark(caller string) string {
	sum := sha256.Sum256([]byte(caller))
	return alphabet.EncodeToString(sum[:])[:markLength]
}

// batch is the effects of one write that a document still holds.
type batch struct {
	id      string
	entries []string // of due
	effects map[string]Effect
}

// batches are the batches that have an entry for which want is true, in the order of
// due.
func (p Pending) batches(want func(entry string) bool) []batch {
	var list []batch
	at := map[string]int{}
	for _, e := range p.Due {
		if _, known := at[batchOf(e)]; want(e) && !known {
			at[batchOf(e)] = len(list)
			list = append(list, batch{id: batchOf(e), effects: map[string]Effect{}})
		}
	}
	for _, e := range p.Due {
		if i, ok := at[batchOf(e)]; ok {
			list[i].entries = append(list[i].entries, e)
		}
	}
	for eid, e := range p.Effects {
		cut := strings.LastIndexByte(eid, '_')
		if i, ok := at[eid[:max(cut, 0)]]; ok {
			list[i].effects[eid] = e
		}
	}
	return list
}
