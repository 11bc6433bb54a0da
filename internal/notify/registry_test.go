package notify_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"faellesskab/internal/notify"
)

// What two nouns bring, or one brings half, keeps the program from starting, and is
// named.
func TestWhatDoesNotGoTogetherIsRefused(t *testing.T) {
	t.Parallel()
	state := func(context.Context, notify.News) (notify.SubjectState, error) { return notify.SubjectState{}, nil }
	kind := notify.KindSpec{Kind: "POLL_OPENED", Default: notify.Push, Family: notify.FamilyEvents}
	audience := notify.Audience{Kind: "VOTERS", Reason: notify.ReasonAsked, Walk: notify.Named}
	subject := notify.Subject{Prefix: "pol", State: state}
	add := func(kinds []notify.KindSpec, audiences []notify.Audience, subjects []notify.Subject) (said string) {
		r := notify.NewRegistry()
		r.Add([]notify.KindSpec{kind}, []notify.Audience{audience}, []notify.Subject{subject})
		defer func() {
			if p := recover(); p != nil {
				said = fmt.Sprint(p)
			}
		}()
		r.Add(kinds, audiences, subjects)
		return ""
	}
	kinds := func(k ...notify.KindSpec) string { return add(k, nil, nil) }
	audiences := func(a ...notify.Audience) string { return add(nil, a, nil) }
	subjects := func(s ...notify.Subject) string { return add(nil, nil, s) }
	for name, row := range map[string]struct{ said, want string }{
		"nothing more":                 {add(nil, nil, nil), ""},
		"a kind":                       {kinds(kind), "POLL_OPENED"},
		"a kind without default":       {kinds(notify.KindSpec{Kind: "POLL_ENDED", Family: notify.FamilyEvents}), "POLL_ENDED"},
		"a channel that is none":       {kinds(notify.KindSpec{Kind: "POLL_ENDED", Default: "PIGEON", Family: notify.FamilyEvents}), "POLL_ENDED"},
		"a kind without a family":      {kinds(notify.KindSpec{Kind: "POLL_ENDED", Default: notify.Push}), "POLL_ENDED"},
		"a family that is none":        {kinds(notify.KindSpec{Kind: "POLL_ENDED", Default: notify.Push, Family: "PIGEONS"}), "POLL_ENDED"},
		"a reminder without args":      {kinds(notify.KindSpec{Kind: "POLL_ENDS", Default: notify.Push, Family: notify.FamilyEvents, Policy: notify.Policy{Reminds: true}}), "POLL_ENDS"},
		"a reminder":                   {kinds(notify.KindSpec{Kind: "POLL_ENDS", Default: notify.Push, Family: notify.FamilyEvents, Policy: notify.Policy{Reminds: true}, Args: notify.ReminderArgs{}}), ""},
		"an audience":                  {audiences(audience), "VOTERS"},
		"named people":                 {audiences(notify.Audience{Kind: notify.AudiencePeople, Reason: notify.ReasonAsked, Walk: notify.Named}), "PEOPLE"},
		"an audience nobody can walk":  {audiences(notify.Audience{Kind: "PASSERS", Reason: notify.ReasonAsked}), "PASSERS"},
		"an audience without a reason": {audiences(notify.Audience{Kind: "PASSERS", Walk: notify.Named}), "PASSERS"},
		"a subject":                    {subjects(subject), `"pol"`},
		"a subject without a state":    {subjects(notify.Subject{Prefix: "ans"}), `"ans"`},
		"a subject without a prefix":   {subjects(notify.Subject{State: state}), `""`},
	} {
		if (row.said == "") != (row.want == "") || !strings.Contains(row.said, row.want) {
			t.Errorf("%s: said %q, want it to name %q", name, row.said, row.want)
		}
	}
}
