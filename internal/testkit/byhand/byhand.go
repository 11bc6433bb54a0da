// Package byhand answers a few operations as somebody would who writes one handler for each of them,
// with net/http, encoding/json and the driver alone: the same check of the token, the same finds and
// the same JSON as the server's. It is what the server is measured against, and knows nothing of the
// program; the rules are reduced to what the measured world needs.
package byhand

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Options say whose tokens are good.
type Options struct {
	Key              *rsa.PublicKey
	Issuer, Audience string
	Now              func() time.Time
	// People are the ids of the people by their accounts, which the server remembers too.
	People map[string]string
}

// maxBody is how long a request may be, in bytes.
const maxBody = 100 << 10

type handler struct {
	o      Options
	parser *jwt.Parser
	tokens sync.Map // of good tokens: checked, by hash

	persons, occurrences, events, bookings    *mongo.Collection
	groups, memberships, areas, announcements *mongo.Collection
	notices, settings, courses, skills        *mongo.Collection
}

// New is the handler on a database.
func New(db *mongo.Database, o Options) http.Handler {
	return &handler{
		o: o,
		parser: jwt.NewParser(jwt.WithValidMethods([]string{jwt.SigningMethodRS256.Alg()}), jwt.WithIssuer(o.Issuer),
			jwt.WithAudience(o.Audience), jwt.WithExpirationRequired(), jwt.WithTimeFunc(o.Now)),
		persons: db.Collection("persons"), occurrences: db.Collection("occurrences"), events: db.Collection("events"), bookings: db.Collection("bookings"),
		groups: db.Collection("groups"), memberships: db.Collection("group_memberships"), areas: db.Collection("areas"), announcements: db.Collection("announcements"),
		notices: db.Collection("notices"), settings: db.Collection("notify_settings"), courses: db.Collection("courses"), skills: db.Collection("skills"),
	}
}

var errUnauthenticated = errors.New("sign in")

// person is what is needed of a person who calls.
type person struct {
	ID         string              `bson:"_id"`
	HomeAreaID string              `bson:"homeAreaId"`
	Groups     map[string]inAGroup `bson:"groups"`
}

type inAGroup struct {
	Active bool `bson:"active"`
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var request struct {
		OperationName string          `json:"operationName"`
		Variables     json.RawMessage `json:"variables"`
	}
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	viewer, err := h.signIn(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	data, err := h.answer(r.Context(), request.OperationName, call{viewer, request.Variables})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(struct {
		Data any `json:"data"`
	}{data})
}

// call is who asks, and with which variables. Nobody has signed in if viewer is nil.
type call struct {
	viewer    *person
	variables json.RawMessage
}

// operations are the handlers by the names of the operations.
var operations = map[string]func(h *handler, ctx context.Context, c call) (any, error){
	"Anonymous":    (*handler).anonymous,
	"Trivial":      (*handler).trivial,
	"Feed":         (*handler).feed,
	"EventPage":    (*handler).eventPage,
	"GroupPage":    (*handler).groupPage,
	"SignUp":       (*handler).signUp,
	"Inbox":        (*handler).inbox,
	"Onboarding":   (*handler).onboarding,
	"LeadersEvent": (*handler).leadersEvent,
}

// Answers reports whether a handler is written for an operation.
func Answers(operation string) bool { return operations[operation] != nil }

// answer is the data of an operation. Only the anonymous one needs no viewer.
func (h *handler) answer(ctx context.Context, operation string, c call) (any, error) {
	handle := operations[operation]
	switch {
	case handle == nil:
		return nil, errors.New("no handler is written for " + operation)
	case c.viewer == nil && operation != "Anonymous":
		return nil, errUnauthenticated
	}
	return handle(h, ctx, c)
}

func (h *handler) anonymous(context.Context, call) (any, error) {
	return map[string]string{"__typename": "Query"}, nil
}

// signIn checks the token and reads the person; nil: the call has no token.
func (h *handler) signIn(r *http.Request) (*person, error) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, nil //nolint:nilnil // an anonymous call is nothing wrong
	}
	account, err := h.accountOf(token)
	if err != nil {
		return nil, err
	}
	viewer := &person{}
	err = h.persons.FindOne(r.Context(), bson.D{{Key: "_id", Value: h.o.People[account]}}).Decode(viewer)
	return viewer, err
}

// checked is a token that was good.
type checked struct {
	account string
	until   time.Time
}

// accountOf is whose token it is. A token is checked once, and its hash kept until it expires, as the
// server does it.
func (h *handler) accountOf(token string) (string, error) {
	hash := sha256.Sum256([]byte(token))
	if known, ok := h.tokens.Load(hash); ok {
		if good, ok := known.(checked); ok && h.o.Now().Before(good.until) {
			return good.account, nil
		}
	}
	var claims jwt.RegisteredClaims
	if _, err := h.parser.ParseWithClaims(token, &claims, func(*jwt.Token) (any, error) { return h.o.Key, nil }); err != nil {
		return "", err
	}
	h.tokens.Store(hash, checked{claims.Subject, claims.ExpiresAt.Time})
	return claims.Subject, nil
}

type id struct {
	ID string `json:"id"`
}

// trivial reads the person, as whoever asks for a person does.
func (h *handler) trivial(ctx context.Context, c call) (any, error) {
	found, err := find[struct {
		ID string `bson:"_id"`
	}](ctx, h.persons, byIDs([]string{c.viewer.ID}))
	if err != nil || len(found) == 0 {
		return nil, errors.Join(err, errUnauthenticated)
	}
	return map[string]any{"viewer": map[string]any{"person": id{found[0].ID}}}, nil
}

func byIDs(ids []string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
}

// everything are the options of a find all of whose documents are read, with one command, as the server does it.
var everything = options.Find().SetBatchSize(1000)

// find reads all documents. They are decoded one by one, since Cursor.All makes a reader for each.
func find[T any](ctx context.Context, c *mongo.Collection, filter bson.D, opts ...options.Lister[options.FindOptions]) ([]T, error) {
	cursor, err := c.Find(ctx, filter, append([]options.Lister[options.FindOptions]{everything}, opts...)...)
	if err != nil {
		return nil, err
	}
	defer cursor.Close(ctx)
	list := make([]T, 0, cursor.RemainingBatchLength())
	for cursor.Next(ctx) {
		var one T
		if err := bson.Unmarshal(cursor.Current, &one); err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, cursor.Err()
}
