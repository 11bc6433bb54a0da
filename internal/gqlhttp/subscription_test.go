package gqlhttp

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"faellesskab/internal/fault"
)

// Only the variables tell what @skip and @include leave of a subscription. If they leave no field,
// the request is refused.
func TestASubscriptionFollowsOneField(t *testing.T) {
	t.Parallel()
	const key = "request.subscription.one"
	for name, row := range map[string]struct {
		body string
		key  string // empty: it is followed
	}{
		"left out":                        {`{"query":"subscription{ticks @skip(if:true)}"}`, key},
		"not included, by a variable":     {`{"query":"subscription($a:Boolean!){ticks @include(if:$a)}","variables":{"a":false}}`, key},
		"not included, by a default":      {`{"query":"subscription($a:Boolean=false){ticks @include(if:$a)}"}`, key},
		"in a fragment that is left out":  {`{"query":"subscription{...@skip(if:true){ticks}}"}`, key},
		"in a fragment, left out":         {`{"query":"subscription{...F} fragment F on Subscription{ticks @skip(if:true)}"}`, key},
		"a fragment that is not included": {`{"query":"subscription{...F@include(if:false)} fragment F on Subscription{ticks}"}`, key},
		"left out once of twice":          {`{"query":"subscription{ticks ticks @skip(if:true)}"}`, ""},
		"included":                        {`{"query":"subscription($a:Boolean!){ticks @include(if:$a)}","variables":{"a":true}}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, w := newServer(), httptest.NewRecorder()
			close(s.ticks)
			r := request(row.body)
			r.Header.Set("Accept", typeEvents)
			s.ServeHTTP(w, r)
			isRefused := strings.Contains(w.Body.String(), `"message":"`+key+`"`) && strings.Contains(w.Body.String(), `"BAD_USER_INPUT"`)
			if isRefused != (row.key != "") || s.calls == 0 != isRefused || strings.Contains(w.Body.String(), "INTERNAL") {
				t.Errorf("a stream is answered %s, after %d calls", w.Body, s.calls)
			}
			if row.key == "" {
				return
			}
			c := dial(t, newServer())
			c.greets()
			c.say(`{"id":"a","type":"subscribe","payload":` + row.body + `}`)
			c.hears(said("a", "error", `[{"extensions":{"code":"BAD_USER_INPUT"},"message":"`+key+`"}]`))
		})
	}
}

// If an introduction has several tokens, it is not clear whose the connection is, so it is refused.
func TestAnIntroductionHasOneToken(t *testing.T) {
	t.Parallel()
	for payload, isWelcome := range map[string]bool{
		`{"authorization":"Bearer a","Authorization":"Bearer b"}`:                            false,
		`{"AUTHORIZATION":"Bearer a","Authorization":"Bearer a"}`:                            false,
		`{"authorization":"Bearer a","Authorization":5}`:                                     false,
		`{"authorization":"Bearer a","Authorization":null}`:                                  true,
		`{"AUTHORIZATION":"Bearer a"}`:                                                       true,
		`{"authorization":null,"headers":{"authorization":"Bearer a"},"authToken":"Bearer"}`: true,
	} {
		c := dial(t, newServer(func(o *Options) {
			o.SignIn = func(ctx context.Context, authorization string) (context.Context, error) {
				if authorization == "" {
					return ctx, fault.Unauthenticated("auth.token.invalid")
				}
				return ctx, nil
			}
		}))
		c.say(`{"type":"connection_init","payload":` + payload + `}`)
		if isWelcome {
			c.hears(said("", "connection_ack", "null"))
			continue
		}
		c.closes(closeForbidden)
	}
}

// A client that goes away before an operation has begun is no failure. An error in the log might
// wake an operator at night.
func TestWhoGoesAwayIsNoFailure(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	s := newServer(func(o *Options) {
		o.Renew = func(ctx context.Context) (context.Context, error) {
			leave()
			return ctx, ctx.Err()
		}
	})
	r := request(`{"query":"subscription{ticks}"}`).WithContext(ctx)
	r.Header.Set("Accept", typeEvents)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if log := s.log.String(); strings.Contains(log, "INTERNAL") || strings.Contains(w.Body.String(), "event:") {
		t.Errorf("the log says %s, and nobody is told %s", log, w.Body)
	}
}
