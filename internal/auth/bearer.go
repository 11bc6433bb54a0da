package auth

import (
	"net/http"
	"strings"
)

// BearerToken is the token of the call's Authorization header; false if there is none, if it
// has another scheme, or if there are several, since it is then not clear who is calling.
func BearerToken(r *http.Request) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", false
	}
	return Bearer(headers[0])
}

// Bearer is the token of "Bearer <token>"; false if the text has another form.
func Bearer(authorization string) (string, bool) {
	scheme, token, found := strings.Cut(strings.TrimSpace(authorization), " ")
	token = strings.TrimLeft(token, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t,") {
		return "", false
	}
	return token, true
}
