package privacy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/fault"
)

// TimerKind is the kind of the timers that carry an erasure out. They name the person, so an erasure must not
// remove them.
const TimerKind = "privacy.erase"

// LooksAgain is how long after an erasure everything is erased once more, since what was under way may have
// written something about the person. Nothing that failed is tried for as long as that any more.
const LooksAgain = 2 * time.Hour

// Register has the entries in the order in which they are erased.
type Register []Collection

// New makes the register of these entries. It panics for an incomplete entry, and for two entries of the same
// collection, which are mistakes in the program.
func New(entries ...Collection) Register {
	seen := map[string]bool{}
	for _, c := range entries {
		if seen[c.Name] {
			panic("privacy: two entries for the collection " + c.Name)
		}
		seen[c.Name] = true
		if err := c.check(); err != nil {
			panic("privacy: " + err.Error())
		}
	}
	return Register(entries)
}

// check refuses an incomplete entry.
func (c Collection) check() error {
	for _, text := range []struct{ name, text string }{{"Name", c.Name}, {"Purpose", c.Purpose}, {"Basis", string(c.Basis)},
		{"Whose", c.Whose}, {"Retention", c.Retention}, {"Ends", c.Ends}} {
		if strings.TrimSpace(text.text) == "" {
			return fmt.Errorf("the entry of the collection %q has no %s", c.Name, text.name)
		}
	}
	if isNobodys := c.Basis == NotPersonal; isNobodys != (c.Export == nil) || isNobodys != (c.Erase == nil) {
		return fmt.Errorf("the entry of the collection %q: Export and Erase are for what is somebody's, and needed there", c.Name)
	}
	if !c.isWithin() && c.ShardKey == "" {
		return fmt.Errorf("the entry of the collection %q has no ShardKey", c.Name)
	}
	return nil
}

// isWithin reports whether the data is kept within other collections.
func (c Collection) isWithin() bool { return strings.HasPrefix(c.Name, "*") }

// Knows reports whether the collection has an entry.
func (r Register) Knows(collection string) bool {
	return slices.ContainsFunc(r, func(c Collection) bool { return c.Name == collection })
}

// Unknown returns the collections that have no entry.
func (r Register) Unknown(collections []string) []string {
	return slices.DeleteFunc(slices.Clone(collections), r.Knows)
}

// Check refuses collections that have no entry, since nobody could say why they are kept, export them or erase
// them.
func (r Register) Check(collections []string) error {
	unknown := r.Unknown(collections)
	if len(unknown) == 0 {
		return nil
	}
	return fmt.Errorf("the database holds collections that the privacy register does not know: %s. "+
		"What is in them could be neither exported nor erased, so nothing is started. "+
		"If a newer version of the program has made them, start that version; if an older version has left them, look into them and "+
		"drop them; if they are another program's, give this one a database of its own with MONGODB_DATABASE "+
		"(docs/OPERATIONS.md, \"Collections that nobody knows\")", strings.Join(unknown, ", "))
}

// Erase calls the entries' Erase in their order. It returns early, with left, when that many calls have said that
// there is more. An entry that fails does not stop the others, unless the database does not answer; err joins the
// failures.
func (r Register) Erase(ctx context.Context, personID string, batches int) (left bool, err error) {
	var failed []error
	for _, c := range r {
		if c.Erase == nil {
			continue
		}
		for {
			more, err := c.erase(ctx, personID)
			if err != nil {
				failed = append(failed, fmt.Errorf("erase from %s: %w", c.Name, err))
			}
			if fault.Is(err, fault.KindUnavailable) || ctx.Err() != nil {
				return false, errors.Join(append(failed, ctx.Err())...)
			}
			if !more {
				break
			}
			// What has failed in parts has done as much as a step may, and would fail again.
			if batches--; batches <= 0 || err != nil {
				return true, errors.Join(failed...)
			}
		}
	}
	return false, errors.Join(failed...)
}

func (c Collection) erase(ctx context.Context, personID string) (more bool, err error) {
	err = fault.Catch(func() error {
		var err error
		more, err = c.Erase(ctx, personID)
		return err
	})
	return more, err
}

// Export writes what is kept about a person as one JSON object: for each collection why and how long it is kept,
// and the records. It writes record by record, so that the whole need not fit into memory.
func (r Register) Export(ctx context.Context, personID string, at time.Time, w io.Writer) error {
	out := &jsonWriter{w: w}
	out.text(`{"person":`).value(personID).text(`,"exportedAt":`).value(at.UTC()).text(`,"collections":[`)
	separator := "\n"
	for _, c := range r {
		if c.Export == nil {
			continue
		}
		out.text(separator + `{"name":`).value(c.Name).text(`,"purpose":`).value(c.Purpose).text(`,"legalBasis":`).value(c.Basis)
		out.text(`,"retention":`).value(c.Retention).text(`,"records":[`)
		between := "\n  "
		err := c.Export(ctx, personID, func(record any) error {
			out.text(between).value(record)
			between = ",\n  "
			return out.err
		})
		if err != nil {
			return fmt.Errorf("export from %s: %w", c.Name, err)
		}
		out.text("]}")
		separator = ",\n"
	}
	return out.text("\n]}\n").err
}

// jsonWriter writes until a write fails.
type jsonWriter struct {
	w   io.Writer
	err error
}

func (o *jsonWriter) text(s string) *jsonWriter {
	if o.err == nil {
		_, o.err = io.WriteString(o.w, s)
	}
	return o
}

func (o *jsonWriter) value(v any) *jsonWriter {
	raw, err := json.Marshal(v)
	if o.err == nil {
		o.err = err
	}
	return o.text(string(raw))
}
