package auth

import (
	"net/http"
	"strings"
)

// BearerToken is the token of the call's Authorization header; false if there
// is none, if it is of another scheme, or if there are several: then it is not
// clear who is calling.
func BearerToken(r *http.Request) (string, bool) {
	headers := r.Header.Values("Authorization")
	if len(headers) != 1 {
		return "", false
	}
	scheme, token, found := strings.Cut(strings.TrimSpace(headers[0]), " ")
	token = strings.TrimLeft(token, " ")
	if !found || !strings.EqualFold(scheme, "Bearer") || token == "" || strings.ContainsAny(token, " \t,") {
		return "", false
	}
	return token, true
}
