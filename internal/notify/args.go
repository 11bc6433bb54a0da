package notify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// Args are the facts that a piece of news carries, of its kind's own type. They serve
// to find out later whether the news is still true. They are JSON, so that they can
// be read in the database; empty if there are none.
type Args string

// ArgsOf turns a value into args. It must marshal to JSON.
func ArgsOf(v any) Args {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("notify: the args %T do not marshal: %v", v, err))
	}
	return Args(raw)
}

// Decode reads the args into a value of their type; without args it stays as it is.
func (a Args) Decode(into any) error {
	if a == "" {
		return nil
	}
	read := json.NewDecoder(bytes.NewReader([]byte(a)))
	read.DisallowUnknownFields()
	if err := read.Decode(into); err != nil {
		return fmt.Errorf("read the args %s as a %T: %w", a, into, err)
	}
	return nil
}

// fit refuses args that are not of a kind's own type.
func (s KindSpec) fit(a Args) error {
	switch {
	case a == "":
		return nil
	case s.Args == nil:
		return fmt.Errorf("news %s has no args, but comes with %s", s.Kind, a)
	}
	return a.Decode(reflect.New(reflect.TypeOf(s.Args)).Interface())
}

// ReminderArgs are the args of reminders.
type ReminderArgs struct {
	Offset   ReminderOffset
	StartsAt time.Time // the start it reminds of, as it was when the reminder was set
	// IsOptional says that the organiser did not choose the offset, so that only people
	// who chose it themselves are reminded.
	IsOptional bool
}
