package gqlhttp

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"faellesskab/internal/fault"
)

// refusal is a request that is not a GraphQL request, with the status for it.
type refusal struct {
	status   int
	fault    *fault.Error
	verbatim *gqlerror.Error // in place of fault: an answer that programs read, in no language
}

func refuse(status int, key string) *refusal {
	return &refusal{status: status, fault: fault.Invalid("", key)}
}

// readRequest reads the parameters from a POST's body or a GET's query string.
func readRequest(w http.ResponseWriter, r *http.Request, limit int64) (*graphql.RawParams, *refusal) {
	var params *graphql.RawParams
	var no *refusal
	switch r.Method {
	case http.MethodPost:
		params, no = readPost(w, r, limit)
	case http.MethodGet:
		params, no = readGet(r, limit)
	default:
		return nil, refuse(http.StatusMethodNotAllowed, "request.method")
	}
	if no != nil {
		return nil, no
	}
	if no := refuseQuery(params); no != nil {
		return nil, no
	}
	params.Headers = r.Header
	return params, nil
}

// refuseQuery refuses parameters without a document, and a document with broken text.
func refuseQuery(params *graphql.RawParams) *refusal {
	switch {
	case strings.TrimSpace(params.Query) == "" && params.Extensions["persistedQuery"] != nil:
		return notPersisted
	case strings.TrimSpace(params.Query) == "":
		return refuse(http.StatusBadRequest, "request.query.empty")
	case !isSoundQuery(params.Query):
		return refuse(http.StatusBadRequest, "request.text.invalid")
	}
	return nil
}

// notPersisted answers a client that names a document only by its hash. It tells the client to send
// the text from now on. Apollo compares the code and urql the message, so both must be exact; the
// status is Apollo Server's.
var notPersisted = &refusal{status: http.StatusOK, verbatim: &gqlerror.Error{
	Message:    "PersistedQueryNotSupported",
	Extensions: map[string]any{"code": string(fault.CodePersistedQueryNotSupported)},
}}

func readPost(w http.ResponseWriter, r *http.Request, limit int64) (*graphql.RawParams, *refusal) {
	if !isJSON(r.Header) {
		return nil, refuse(http.StatusUnsupportedMediaType, "request.content_type")
	}
	if r.ContentLength > limit {
		return nil, tooLarge(http.StatusRequestEntityTooLarge, limit)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge(http.StatusRequestEntityTooLarge, limit)
	}
	if err != nil {
		return nil, brokenOff(err)
	}
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil, refuse(http.StatusBadRequest, "request.query.empty")
	case !isSoundJSON(body):
		return nil, refuse(http.StatusBadRequest, "request.text.invalid")
	case body[0] == '[':
		return nil, refuse(http.StatusBadRequest, "request.batch")
	}
	return decodeParams(body)
}

// afterLastChunk is how net/http says that a chunked body stopped before its last
// line. The error itself is not exported.
const afterLastChunk = "unexpected EOF reading trailer"

// brokenOff says why a body could not be read to its end: it stopped coming, or it broke HTTP's
// rules.
func brokenOff(err error) *refusal {
	no := refuse(http.StatusBadRequest, "request.json.invalid")
	late, isNet := errors.AsType[net.Error](err)
	isCut := errors.Is(err, io.ErrUnexpectedEOF) || strings.HasSuffix(err.Error(), afterLastChunk)
	if isCut || isNet && late.Timeout() || errors.Is(err, syscall.ECONNRESET) {
		return &refusal{status: http.StatusRequestTimeout, fault: fault.Unavailable("request.body.cut_off", err)}
	}
	no.fault = no.fault.Because(err)
	return no
}

// isJSON also refuses compressed bodies and other charsets, which would be misread.
func isJSON(h http.Header) bool {
	mediaType, args, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || mediaType != "application/json" {
		return false
	}
	if charset := args["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return false
	}
	encoding := h.Get("Content-Encoding")
	return encoding == "" || strings.EqualFold(encoding, "identity")
}

func tooLarge(status int, limit int64) *refusal {
	no := refuse(status, "request.body.too_large")
	no.fault = no.fault.With("Limit", limit)
	return no
}

// decodeParams reads the four known members and ignores others, as GraphQL over HTTP asks. An error
// never quotes the body, which may hold secrets.
func decodeParams(body []byte) (*graphql.RawParams, *refusal) {
	members, ok := decodeObject(body)
	if !ok {
		return nil, refuse(http.StatusBadRequest, "request.json.invalid")
	}
	params := &graphql.RawParams{}
	for name, into := range map[string]any{
		"query":         &params.Query,
		"operationName": &params.OperationName,
		"variables":     &params.Variables,
		"extensions":    &params.Extensions,
	} {
		raw, ok := members[name]
		if !ok {
			continue
		}
		if err := decodeJSON(raw, into); err != nil {
			return nil, refuse(http.StatusBadRequest, "request.json.invalid")
		}
	}
	return params, nil
}

func readGet(r *http.Request, limit int64) (*graphql.RawParams, *refusal) {
	if int64(len(r.URL.RawQuery)) > limit {
		return nil, tooLarge(http.StatusRequestURITooLong, limit)
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "request.text.invalid")
	}
	params := &graphql.RawParams{Query: values.Get("query"), OperationName: values.Get("operationName")}
	if !utf8.ValidString(params.OperationName) || strings.ContainsRune(params.Query+params.OperationName, 0) {
		return nil, refuse(http.StatusBadRequest, "request.text.invalid")
	}
	for name, into := range map[string]*map[string]any{
		"variables":  &params.Variables,
		"extensions": &params.Extensions,
	} {
		text := []byte(values.Get(name))
		if len(text) == 0 {
			continue
		}
		if !isSoundJSON(text) {
			return nil, refuse(http.StatusBadRequest, "request.text.invalid")
		}
		if err := decodeJSON(text, into); err != nil {
			return nil, refuse(http.StatusBadRequest, "request.json.invalid")
		}
	}
	return params, nil
}

// decodeObject reads the members of an object by their exact names: a struct would
// take "Query" for "query".
func decodeObject(text []byte) (map[string]json.RawMessage, bool) {
	var members map[string]json.RawMessage
	err := decodeJSON(text, &members)
	return members, err == nil && members != nil
}

// decodeJSON decodes exactly one value and keeps numbers as they were written.
func decodeJSON(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
