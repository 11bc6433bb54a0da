package push

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	firebase "firebase.google.com/go/v4"
	"firebase.google.com/go/v4/messaging"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"

	"faellesskab/internal/clock"
)

// DefaultTimeout bounds one Send, with everything it does.
const DefaultTimeout = 10 * time.Second

// maxConns is above the largest number of sends in flight (200), so that a
// worker at full speed never opens a second connection for the same slot.
const maxConns = 256

const scope = "https://www.googleapis.com/auth/firebase.messaging"

// Options say how to reach FCM.
type Options struct {
	ProjectID        string        // the Firebase project; required
	CredentialsFile  string        // service account key; empty: the machine's default credentials
	Endpoint         string        // another server's root, for example a simulator's; empty: Google's
	InsecureEndpoint bool          // talk to Endpoint without authentication
	Timeout          time.Duration // for one Send; 0 is DefaultTimeout
	Clock            clock.Clock   // nil: the machine's
}

// FCM is the Sender that talks to Firebase Cloud Messaging (HTTP v1).
type FCM struct {
	client  *messaging.Client
	pool    *http.Transport
	timeout time.Duration
	clock   clock.Clock
}

var _ Sender = (*FCM)(nil)

// NewFCM prepares the client. It makes no call, so wrong credentials show only at the first Send,
// unless their file cannot be read. ctx must outlive the client, which fetches access tokens with it.
func NewFCM(ctx context.Context, o Options) (*FCM, error) {
	pool := newPool()
	opts, err := clientOptions(ctx, o, pool)
	if err != nil {
		return nil, fmt.Errorf("push: %w", err)
	}
	app, err := firebase.NewApp(ctx, &firebase.Config{ProjectID: o.ProjectID}, opts...)
	if err != nil {
		return nil, fmt.Errorf("push: firebase app: %w", err)
	}
	client, err := app.Messaging(ctx)
	if err != nil {
		return nil, fmt.Errorf("push: messaging client: %w", err)
	}
	f := &FCM{client: client, pool: pool, timeout: o.Timeout, clock: o.Clock}
	if f.timeout <= 0 {
		f.timeout = DefaultTimeout
	}
	if f.clock == nil {
		f.clock = clock.System{}
	}
	return f, nil
}

// Send hands m to FCM for one device.
func (f *FCM) Send(ctx context.Context, to Device, m Message) Result {
	if to.Value == "" || (to.Kind != KindToken && to.Kind != KindFID) {
		return Result{Outcome: BadDevice, Reason: "NO_ADDRESS", Err: fmt.Errorf("device of kind %q without an address", to.Kind)}
	}
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	ctx, tried := withAttempts(ctx)
	defer tried.stop(nil)

	now := f.clock.Now()
	id, err := f.client.Send(ctx, compose(to, m, now))
	if err != nil {
		return classify(err, tried, now)
	}
	return Result{Outcome: Sent, MessageID: id}
}

// Close closes idle connections. It does not disturb sends in flight.
func (f *FCM) Close() { f.pool.CloseIdleConnections() }

func newPool() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          maxConns,
		MaxIdleConnsPerHost:   maxConns,
		MaxConnsPerHost:       maxConns,
		IdleConnTimeout:       90 * time.Second,
		TLSHandshakeTimeout:   5 * time.Second,
		ExpectContinueTimeout: time.Second,
	}
}

func clientOptions(ctx context.Context, o Options, pool *http.Transport) ([]option.ClientOption, error) {
	if o.ProjectID == "" {
		return nil, errors.New("the Firebase project id is missing")
	}
	endpoint, err := apiRoot(o)
	if err != nil {
		return nil, err
	}
	var opts []option.ClientOption
	if endpoint != "" {
		opts = append(opts, option.WithEndpoint(endpoint))
	}
	var transport http.RoundTripper = pool
	if !o.InsecureEndpoint {
		if transport, err = authenticated(ctx, o.CredentialsFile, pool); err != nil {
			return nil, err
		}
	}
	return append(opts, option.WithHTTPClient(&http.Client{Transport: watched{transport}})), nil
}

func authenticated(ctx context.Context, file string, pool *http.Transport) (http.RoundTripper, error) {
	opts := []option.ClientOption{option.WithScopes(scope), option.WithTelemetryDisabled()}
	if file != "" {
		opts = append(opts, option.WithAuthCredentialsFile(option.ServiceAccount, file))
	}
	transport, err := htransport.NewTransport(ctx, pool, opts...)
	if err != nil {
		return nil, fmt.Errorf("credentials: %w", err)
	}
	return transport, nil
}

// apiRoot is the prefix to which the SDK adds "/projects/…/messages:send", so
// it ends in the API's version. Access tokens travel over https only.
func apiRoot(o Options) (string, error) {
	if o.Endpoint == "" {
		if o.InsecureEndpoint {
			return "", errors.New("an endpoint without authentication needs its address")
		}
		return "", nil
	}
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", fmt.Errorf("endpoint %q is not an http address", o.Endpoint)
	}
	if u.Scheme != "https" && !o.InsecureEndpoint {
		return "", fmt.Errorf("endpoint %q would get credentials in the clear", o.Endpoint)
	}
	return strings.TrimSuffix(strings.TrimSuffix(o.Endpoint, "/"), "/v1") + "/v1", nil
}
