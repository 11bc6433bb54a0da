package gqlhttp

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// nothing is what a client gets that accepts none of our types.
const nothing = ""

// negotiations have the lines of Accept that clients send, and the type that they get for a
// query.
var negotiations = map[string]struct {
	accept []string
	want   string
}{
	"no header":                     {nil, typeJSON},
	"an empty one":                  {[]string{""}, typeJSON},
	"only commas":                   {[]string{", ,"}, typeJSON},
	"anything":                      {[]string{"*/*"}, typeJSON},
	"any application":               {[]string{"application/*"}, typeJSON},
	"JSON":                          {[]string{"application/json"}, typeJSON},
	"the newer JSON":                {[]string{typeResponse}, typeResponse},
	"capitals":                      {[]string{"Application/JSON; CHARSET=UTF-8"}, typeJSON},
	"another charset":               {[]string{"application/json; charset=iso-8859-1"}, typeJSON},
	"another charset, and newer":    {[]string{"application/json; charset=iso-8859-1, " + typeResponse}, typeResponse},
	"both, newer first":             {[]string{typeResponse + ", application/json"}, typeResponse},
	"both, newer last":              {[]string{"application/json, " + typeResponse}, typeJSON},
	"newer liked better":            {[]string{"application/json;q=0.8, " + typeResponse + ";q=0.9"}, typeResponse},
	"newer liked less":              {[]string{typeResponse + ";q=0.1, application/json"}, typeJSON},
	"newer named, rest by wildcard": {[]string{"*/*, " + typeResponse}, typeResponse},
	"Apollo":                        {[]string{typeResponse + ",application/json;q=0.9"}, typeResponse},
	"urql":                          {[]string{typeResponse + ", application/graphql+json, application/json, text/event-stream, multipart/mixed"}, typeResponse},
	"urql's subscription":           {[]string{"text/event-stream, multipart/mixed"}, typeEvents},
	"graphql-sse":                   {[]string{typeEvents}, typeEvents},
	"a browser":                     {[]string{"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"}, typeJSON},
	"JSON and events":               {[]string{"application/json, text/event-stream"}, typeJSON},
	"events and JSON":               {[]string{"text/event-stream, application/json"}, typeJSON},
	"events and anything":           {[]string{"text/event-stream, */*"}, typeJSON},
	"events liked better":           {[]string{"text/event-stream, application/json;q=0.9"}, typeEvents},
	"events liked less":             {[]string{"application/json, text/event-stream;q=0.9"}, typeJSON},
	"JSON liked better than events": {[]string{"text/event-stream;q=0.1, application/json;q=0.2"}, typeJSON},
	"events, on two lines":          {[]string{"text/event-stream", "application/json"}, typeJSON},
	"q on the second line":          {[]string{"application/json;q=0", "text/event-stream"}, typeEvents},
	"any text":                      {[]string{"text/*"}, typeEvents},
	"no events":                     {[]string{"text/event-stream;q=0"}, nothing},
	"no events, in full":            {[]string{"text/event-stream; q=0.000"}, nothing},
	"no events, but anything":       {[]string{"text/event-stream;q=0, */*"}, typeJSON},
	"no events, capitals":           {[]string{"text/event-stream;Q=0, application/json"}, typeJSON},
	"almost events":                 {[]string{"text/event-stream-x"}, nothing},
	"almost events, and JSON":       {[]string{"text/event-stream-x, application/json"}, typeJSON},
	"events as a parameter":         {[]string{`application/json;x="text/event-stream"`}, typeJSON},
	"events in quotes":              {[]string{`application/json;x="a, text/event-stream, b"`}, typeJSON},
	"another type":                  {[]string{"text/html"}, nothing},
	"only multipart":                {[]string{"multipart/mixed"}, nothing},
	"no JSON":                       {[]string{"application/json;q=0"}, nothing},
	"no JSON, but the newer":        {[]string{"application/json;q=0, application/*"}, typeResponse},
	"nothing at all":                {[]string{"*/*;q=0"}, nothing},
	"nothing but JSON":              {[]string{"*/*;q=0, application/json;q=0.001"}, typeJSON},
	"no application":                {[]string{"application/*;q=0, */*;q=0.5"}, typeEvents},
	"a malformed part":              {[]string{"application/json;q=, " + typeEvents}, typeEvents},
	"a malformed weight":            {[]string{"text/event-stream;q=2, application/json"}, typeJSON},
	"a negative weight":             {[]string{"text/event-stream;q=-1, application/json;q=0.1"}, typeJSON},
	"too exact a weight":            {[]string{"text/event-stream;q=0.99999, application/json;q=0.1"}, typeJSON},
	"a weight without its nought":   {[]string{"text/event-stream;q=.2, application/json;q=.3"}, typeJSON},
	"Java's":                        {[]string{"text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"}, typeJSON},
	"only a point":                  {[]string{"text/event-stream;q=., application/json;q=0.1"}, typeJSON},
	"no type":                       {[]string{"json"}, typeJSON},
	"an open quote":                 {[]string{`application/json;x="`}, typeJSON},
	"spaces":                        {[]string{"  text/event-stream ; q=0 ,\tapplication/json ; q=1"}, typeJSON},
}

func TestAcceptDecidesTheType(t *testing.T) {
	t.Parallel()
	for name, row := range negotiations {
		for _, method := range []string{http.MethodPost, http.MethodGet} {
			s, w := newServer(), httptest.NewRecorder()
			r := request(`{"query":"{echo(text:\"hej\")}"}`)
			if method == http.MethodGet {
				r = httptest.NewRequest(method, "/graphql?query=%7Becho(text%3A%22hej%22)%7D", nil)
			}
			r.Header["Accept"] = row.accept
			s.ServeHTTP(w, r)
			got, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
			switch {
			case row.want == nothing && (w.Code != http.StatusNotAcceptable || got != typeJSON || s.calls != 0 || strings.Contains(w.Body.String(), `"data"`)):
				t.Errorf("%s, %s: %q is answered %d %s %s, after %d calls", name, method, row.accept, w.Code, got, w.Body, s.calls)
			case row.want != nothing && (w.Code != http.StatusOK || got != row.want || !strings.Contains(w.Body.String(), `{"data":{"echo":"hej"}}`)):
				t.Errorf("%s, %s: %q is answered %d %s %s, want %s", name, method, row.accept, w.Code, got, w.Body, row.want)
			}
		}
	}
}

// A subscription cannot be answered in JSON, so a client that names the stream too gets that.
func TestASubscriptionIsStreamedToWhoCanReadIt(t *testing.T) {
	t.Parallel()
	for accept, isStreamed := range map[string]bool{
		typeEvents:                                true,
		"application/json, text/event-stream":     true,
		"text/event-stream;q=0.1, */*":            true,
		"application/json, text/event-stream;q=0": false,
		"application/json":                        false,
		"*/*":                                     false,
		"":                                        false,
	} {
		s, w := newServer(), httptest.NewRecorder()
		close(s.ticks)
		r := request(`{"query":"subscription{ticks}"}`)
		r.Header.Set("Accept", accept)
		s.ServeHTTP(w, r)
		if isStreamed != (w.Header().Get("Content-Type") == typeEvents) || isStreamed != strings.Contains(w.Body.String(), "event: complete") {
			t.Errorf("%q is answered %s: %s", accept, w.Header().Get("Content-Type"), w.Body)
		}
	}
}

// A page of another site can send a GET, so a stream by GET changes nothing either.
func TestAStreamByGetChangesNothing(t *testing.T) {
	t.Parallel()
	s := newServer()
	r := httptest.NewRequest(http.MethodGet, `/graphql?query=mutation%7Brename(input%3A%7Bname%3A%22x%22%7D)%7Bid%7D%7D`, nil)
	r.Header.Set("Accept", typeEvents)
	if got := s.send(t, r); got.status != http.StatusMethodNotAllowed || got.key() != "request.method" || s.calls != 0 {
		t.Errorf("%d %s, %d calls", got.status, got.body, s.calls)
	}
}
