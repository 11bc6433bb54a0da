package main

import (
	"cmp"
	"net/http"

	"faellesskab/internal/secret"
	"faellesskab/internal/site"
)

// pages serves what people read without the app.
func (a *App) pages() http.Handler {
	return site.Handler(site.Deps{Events: a.Events, Courses: a.Courses, Calendar: a.Calendar, CheckIns: a.CheckIns, Certificates: a.Certificates, Now: a.DB.Now, AppURL: a.cfg.AppURL, PublicURL: a.publicURL(), Log: a.log, Refused: signInError,
		Admit: a.callers.admitPage})
}

// publicURL is where the server is reached from outside.
func (a *App) publicURL() string {
	if own := cmp.Or(a.cfg.PublicURL, a.cfg.AppURL); own != "" || !a.cfg.IsDevelopment() {
		return own
	}
	return a.URL()
}

// secrets are what addresses and codes are made from: what is configured, or else what the server has anyway.
func (a *App) secrets(otherwise []byte) secret.Keys {
	var all [][]byte
	for _, s := range a.cfg.Secrets() {
		all = append(all, []byte(s))
	}
	if len(all) == 0 {
		all = append(all, otherwise)
	}
	return secret.New(all...)
}
