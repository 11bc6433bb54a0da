package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

// answer is the answer to a request. A request error has no data at all. An executed operation
// always has data, even if it is null.
type answer struct {
	status   int
	response *graphql.Response
	executed bool
	follow   *graphql.RawParams // if set, a subscription to stream, in place of an answer
}

func requestErrors(status int, errs gqlerror.List) answer {
	return answer{status: status, response: &graphql.Response{Errors: errs}}
}

// complete gives every error a code and the request's id. It copies errors, because requests may
// share one.
func complete(errs gqlerror.List, requestID string) gqlerror.List {
	done := make(gqlerror.List, 0, len(errs))
	for _, err := range errs {
		if err == nil {
			continue
		}
		one := *err
		one.Extensions = maps.Clone(err.Extensions)
		if one.Extensions == nil {
			one.Extensions = map[string]any{}
		}
		if codeOf(&one) == "" {
			one.Extensions["code"] = string(fault.CodeInternal)
		}
		one.Extensions["requestId"] = requestID
		done = append(done, &one)
	}
	return done
}

// codeOf reads the code whether the presenter wrote a string or a fault.Code.
func codeOf(err *gqlerror.Error) string {
	code, ok := err.Extensions["code"]
	if !ok || code == nil {
		return ""
	}
	return fmt.Sprint(code)
}

// write sends the answer. gqlgen has already written the data as JSON, which goes out unchanged.
func (a answer) write(w http.ResponseWriter, contentType string) error {
	var b bytes.Buffer
	b.WriteByte('{')
	separator := ""
	member := func(name string, value any) error {
		raw, err := json.Marshal(value)
		if err != nil {
			return fmt.Errorf("marshal %s: %w", name, err)
		}
		fmt.Fprintf(&b, "%s%q:%s", separator, name, raw)
		separator = ","
		return nil
	}
	if len(a.response.Errors) > 0 {
		if err := member("errors", a.response.Errors); err != nil {
			return err
		}
	}
	if len(a.response.Extensions) > 0 {
		if err := member("extensions", a.response.Extensions); err != nil {
			return err
		}
	}
	if a.executed {
		fmt.Fprintf(&b, `%s"data":`, separator)
	}
	h := w.Header()
	h.Set("Content-Type", contentType+"; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if a.status == http.StatusMethodNotAllowed {
		h.Set("Allow", "GET, POST")
	}
	if wait := a.retryAfter(); wait > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
	}
	w.WriteHeader(a.status)
	// If the client has gone, that is no failure of the server.
	_, _ = w.Write(b.Bytes())
	if a.executed {
		data := a.response.Data
		if len(data) == 0 {
			data = json.RawMessage("null")
		}
		_, _ = w.Write(data)
	}
	_, _ = w.Write([]byte("}"))
	return nil
}

// retryAfter is how long the caller should wait whose request was refused; zero if it was not,
// or waiting does not help.
func (a answer) retryAfter() time.Duration {
	var longest time.Duration
	for _, err := range a.response.Errors {
		if f, ok := errors.AsType[*fault.Error](err.Err); ok && a.status >= http.StatusBadRequest {
			longest = max(longest, f.RetryAfter)
		}
	}
	return longest
}
