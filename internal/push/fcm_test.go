package push

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

func TestOptionsThatCannotWork(t *testing.T) {
	for name, row := range map[string]struct {
		o    Options
		want string
	}{
		"no project":          {Options{Endpoint: "http://localhost:1", InsecureEndpoint: true}, "project id"},
		"insecure to nowhere": {Options{ProjectID: "p", InsecureEndpoint: true}, "needs its address"},
		"not an address":      {Options{ProjectID: "p", Endpoint: "localhost:1", InsecureEndpoint: true}, "not an http address"},
		"key in the clear":    {Options{ProjectID: "p", Endpoint: "http://localhost:1", CredentialsFile: "key.json"}, "in the clear"},
		"no such key":         {Options{ProjectID: "p", CredentialsFile: "no-such-key.json"}, "credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewFCM(t.Context(), row.o)
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want it to mention %q", err, row.want)
			}
		})
	}
}

func TestEndpointEndsInTheVersion(t *testing.T) {
	for _, endpoint := range []string{"https://fcm.example", "https://fcm.example/", "https://fcm.example/v1", "https://fcm.example/v1/"} {
		got, err := apiRoot(Options{Endpoint: endpoint})
		if err != nil || got != "https://fcm.example/v1" {
			t.Errorf("%q: got %q, %v", endpoint, got, err)
		}
	}
}

func TestServiceAccountSignsTheRequest(t *testing.T) {
	var tokens atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/token":
			tokens.Add(1)
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write([]byte(`{"access_token":"secret","token_type":"Bearer","expires_in":3600}`))
		case r.Header.Get("Authorization") != "Bearer secret":
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	defer srv.Close()
	defer http.DefaultClient.CloseIdleConnections() // access tokens are fetched with it

	pool := newPool()
	defer pool.CloseIdleConnections()
	transport, err := authenticated(t.Context(), serviceAccount(t, srv.URL+"/token"), pool)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: watched{transport}}
	for range 3 {
		resp, err := client.Post(srv.URL, "application/json", strings.NewReader("{}"))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("status %d, want 200", resp.StatusCode)
		}
	}
	if n := tokens.Load(); n != 1 {
		t.Errorf("%d tokens fetched for 3 requests, want 1", n)
	}
}

// serviceAccount writes a key file as the Firebase console gives it out.
func serviceAccount(t *testing.T, tokenURL string) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	content, err := json.Marshal(map[string]string{
		"type":           "service_account",
		"project_id":     "kvarter",
		"private_key_id": "1",
		"private_key":    string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email":   "push@kvarter.example",
		"token_uri":      tokenURL,
	})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "key.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
