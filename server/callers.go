package main

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/gate"
	"faellesskab/internal/gqlhttp"
)

const (
	// defaultPatience is how long a client may take for each chunk of an answer.
	defaultPatience = 10 * time.Second
	// headerBytes is how large a request's line and headers may be together. net/http
	// reads 4 KiB more than the given limit.
	headerBytes = 16<<10 - 4<<10
	// comeAgain is how long a refused client should wait.
	comeAgain = 5 * time.Second
	// complainEvery keeps a client that is refused again and again out of the log.
	complainEvery = time.Minute
)

// callers counts what clients have under way, by their address and by their person.
type callers struct {
	proxies     gate.Proxies
	connections *gate.Counter[gate.Home]
	requests    *gate.Counter[gate.Home]
	open        *gate.Counter[gate.Home]
	requestsOf  *gate.Counter[string]
	openOf      *gate.Counter[string]
	pages       *gate.Rate
	patience    time.Duration
	log         *slog.Logger
	complained  atomic.Int64 // the time of the last complaint, in Unix time
}

func newCallers(setup Setup) *callers {
	cfg := setup.Config
	return &callers{
		patience:    cmp.Or(setup.Patience, defaultPatience),
		proxies:     cfg.Proxies(),
		connections: gate.NewCounter[gate.Home](cfg.ConnectionsPerAddress),
		requests:    gate.NewCounter[gate.Home](cfg.ConnectionsPerAddress),
		open:        gate.NewCounter[gate.Home](cfg.SocketsPerAddress),
		requestsOf:  gate.NewCounter[string](cfg.ConnectionsPerPerson),
		pages:       gate.NewRate(cfg.PagesPerAddress),
		openOf:      gate.NewCounter[string](cfg.SocketsPerPerson),
		log:         setup.Log,
	}
}

// listen puts the gate around a listener.
func (c *callers) listen(ctx context.Context, l net.Listener) net.Listener {
	return &gate.Listener{Listener: l, Connections: c.connections, Proxies: c.proxies, Patience: c.patience,
		Refused: func(from gate.Home) { c.complain(ctx, "CONNECTIONS_PER_ADDRESS", from) }}
}

// admit is gqlhttp's Admit.
func (c *callers) admit(ctx context.Context, what gqlhttp.Use) (leave func(), no *fault.Error) {
	home := gate.HomeFrom(ctx)
	switch what {
	case gqlhttp.UseOpen:
		return enter(ctx, c, c.open, home, refusal{"SOCKETS_PER_ADDRESS", fault.Exhausted("request.open", comeAgain)})
	case gqlhttp.UseOpenByViewer:
		return c.person(ctx, c.openOf, refusal{"SOCKETS_PER_PERSON", fault.Exhausted("request.open", comeAgain)})
	}
	byAddress, no := enter(ctx, c, c.requests, home, refusal{"CONNECTIONS_PER_ADDRESS", fault.Exhausted("request.busy", comeAgain)})
	if no != nil {
		return nil, no
	}
	byPerson, no := c.person(ctx, c.requestsOf, refusal{"CONNECTIONS_PER_PERSON", fault.Exhausted("request.busy", comeAgain)})
	if no != nil {
		byAddress()
		return nil, no
	}
	return func() { byPerson(); byAddress() }, nil
}

// admitPage is site's Admit.
func (c *callers) admitPage(w http.ResponseWriter, r *http.Request) (leave func(), no *fault.Error) {
	if c.pages.IsOver(w, r) {
		c.complain(r.Context(), "PAGES_PER_ADDRESS", gate.HomeFrom(r.Context()))
		return nil, fault.Exhausted("request.busy", comeAgain)
	}
	return c.admit(r.Context(), gqlhttp.UseRequest)
}

// admitCheck is the community's AdmitCheck: a check of a certificate counts as a page.
func (c *callers) admitCheck(ctx context.Context) error {
	if c.pages.IsOverIn(ctx) {
		c.complain(ctx, "PAGES_PER_ADDRESS", gate.HomeFrom(ctx))
		return fault.Exhausted("request.busy", comeAgain)
	}
	return nil
}

func (c *callers) person(ctx context.Context, counter *gate.Counter[string], full refusal) (leave func(), no *fault.Error) {
	v := auth.FromContext(ctx)
	if v.IsAnonymous() {
		return func() {}, nil
	}
	return enter(ctx, c, counter, v.PersonID, full)
}

// refusal says why a client is refused: the setting that sets the limit, and the message.
type refusal struct {
	setting string
	told    *fault.Error
}

func enter[K comparable](ctx context.Context, c *callers, counter *gate.Counter[K], who K, full refusal) (leave func(), no *fault.Error) {
	leave, ok := counter.Enter(who)
	if !ok {
		c.complain(ctx, full.setting, gate.HomeFrom(ctx))
		return nil, full.told
	}
	return leave, nil
}

// complain tells the operator now and then of refused clients. It may be an attack, a large
// house behind one address, or a proxy that the configuration does not trust.
func (c *callers) complain(ctx context.Context, setting string, from gate.Home) {
	now, last := clock.System{}.Now().Unix(), c.complained.Load()
	if now-last < int64(complainEvery/time.Second) || !c.complained.CompareAndSwap(last, now) {
		return
	}
	c.log.WarnContext(ctx, "a caller is refused", "setting", setting, "from", from.String())
}
