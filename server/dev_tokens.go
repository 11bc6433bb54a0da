package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"faellesskab/internal/auth"
	"faellesskab/internal/demo"
)

const (
	// tokenLife is how long a development token is valid.
	tokenLife = 24 * time.Hour
	// devKeyFile keeps the key below -data, so that tokens survive a restart.
	devKeyFile = "dev-key.pem"
	// maxNewName is how many characters the name of somebody new may have.
	maxNewName = 100
)

// devSignIn signs tokens and checks them, with a key that it returns too. If the Auth emulator is configured, its tokens are
// taken too.
func (a *App) devSignIn(ctx context.Context) (*auth.DevIssuer, auth.Verifier, []byte, error) {
	key, err := a.devKey(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	issuer, err := auth.NewDevIssuer(a.db.DB, key)
	if err != nil {
		return nil, nil, nil, err
	}
	verifier := issuer.Verifier()
	if project := a.cfg.EmulatorProjectID(); project != "" {
		if verifier, err = auth.WithEmulator(verifier, project, a.db.DB); err != nil {
			return nil, nil, nil, err
		}
	}
	return issuer, verifier, key.D.Bytes(), nil
}

// devKey is the key of the last time on this folder of data, or else a new one. Where it cannot be
// kept, as in a container without a disk, tokens end with the server.
func (a *App) devKey(ctx context.Context) (*rsa.PrivateKey, error) {
	if a.db.borrowed {
		return auth.NewDevKey()
	}
	path := filepath.Join(a.cfg.DataDir, devKeyFile)
	key, err := auth.ReadDevKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if key, err = auth.NewDevKey(); err != nil {
		return nil, err
	}
	if err := auth.WriteDevKey(path, key); err != nil {
		a.log.WarnContext(ctx, "tokens will not survive a restart", "error", err)
	}
	return key, nil
}

// devTokens gives tokens to anyone who asks.
type devTokens struct {
	app    *App
	issuer *auth.DevIssuer
}

type devToken struct {
	Persona     string      `json:"persona,omitempty"` // left out for somebody new
	PersonID    *string     `json:"personId"`          // null before the first sign-in
	DisplayName string      `json:"displayName"`
	Roles       []auth.Role `json:"roles"`
	Token       string      `json:"token"`
}

// list answers with the tokens of all made-up people, or of somebody ?new=name who signs in for the
// first time: each call makes another account.
func (d *devTokens) list(w http.ResponseWriter, r *http.Request) {
	asked, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		answer(w, http.StatusBadRequest, "the address cannot be read: write % as %25 and ; as %3B")
		return
	}
	if asked.Has("new") {
		d.new(w, asked.Get("new"))
		return
	}
	uids := make([]string, len(demo.Personas))
	for i, p := range demo.Personas {
		uids[i] = p.UID()
	}
	ids, err := d.app.People.IDsByUID(r.Context(), uids)
	if err != nil {
		answer(w, http.StatusServiceUnavailable, "the database does not answer")
		return
	}
	list := make([]devToken, len(demo.Personas))
	for i, p := range demo.Personas {
		list[i] = devToken{Persona: p.Name, DisplayName: p.DisplayName, Roles: append([]auth.Role{auth.RoleResident}, p.Roles...)}
		if personID, ok := ids[uids[i]]; ok {
			list[i].PersonID = &personID
		}
		if list[i].Token, err = d.issuer.Issue(uids[i], p.DisplayName, tokenLife); err != nil {
			answer(w, http.StatusInternalServerError, "the token could not be signed")
			return
		}
	}
	writeJSON(w, list)
}

func (d *devTokens) new(w http.ResponseWriter, name string) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > maxNewName || !utf8.ValidString(name) {
		answer(w, http.StatusBadRequest, "say who signs in, in at most 100 characters: /dev/tokens?new=NAME")
		return
	}
	token, err := d.issuer.Issue("new-"+strings.ToLower(rand.Text()), name, tokenLife)
	if err != nil {
		answer(w, http.StatusInternalServerError, "the token could not be signed")
		return
	}
	writeJSON(w, []devToken{{DisplayName: name, Roles: []auth.Role{auth.RoleResident}, Token: token}})
}

// one answers with the token of one made-up person and nothing else, for a shell.
func (d *devTokens) one(w http.ResponseWriter, r *http.Request) {
	i := slices.IndexFunc(demo.Personas, func(p demo.Persona) bool { return p.Name == r.PathValue("persona") })
	if i < 0 {
		answer(w, http.StatusNotFound, "there is nobody of that name: /dev/tokens has all")
		return
	}
	token, err := d.issuer.Issue(demo.Personas[i].UID(), demo.Personas[i].DisplayName, tokenLife)
	if err != nil {
		answer(w, http.StatusInternalServerError, "the token could not be signed")
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, token)
}
