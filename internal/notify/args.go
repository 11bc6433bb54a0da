package notify

import (
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
// What a newer version says more is left out.
func (a Args) Decode(into any) error {
	if a == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(a), into); err != nil {
		return fmt.Errorf("read the args %s as a %T: %w", a, into, err)
	}
	return nil
}

// fit refuses args that are not of a kind's own type: that lack some of its fields, or
// hold others in their stead. Args that hold more are a newer version's, and so are
// those of a kind that has none here.
func (s KindSpec) fit(a Args) error {
	if a == "" || s.Args == nil {
		return nil
	}
	if err := a.Decode(reflect.New(reflect.TypeOf(s.Args)).Interface()); err != nil {
		return err
	}
	var has, wants map[string]json.RawMessage
	if ArgsOf(s.Args).Decode(&wants) != nil {
		return nil //nolint:nilerr // args of this type have no fields
	}
	if err := a.Decode(&has); err != nil {
		return err
	}
	for name := range wants {
		if _, ok := has[name]; !ok {
			return fmt.Errorf("the args %s of news %s do not say %s: they are no %T", a, s.Kind, name, s.Args)
		}
	}
	return nil
}

// ReminderArgs are the args of reminders.
type ReminderArgs struct {
	Offset   ReminderOffset
	StartsAt time.Time // the start it reminds of, as it was when the reminder was set
	// IsOptional says that the organiser did not choose the offset, so that only people
	// who chose it themselves are reminded.
	IsOptional bool
	// Booked is what the person has booked, such as one date of an event; empty: the subject.
	Booked string `json:",omitempty"`
	// Part is the part of it that starts, such as a session of a course; empty: the person has booked it by itself.
	Part string `json:",omitempty"`
}
