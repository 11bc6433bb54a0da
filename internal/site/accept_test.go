package site

import "testing"

func TestTheTypeThatAClientWouldRatherHave(t *testing.T) {
	t.Parallel()
	const html, token = "text/html", "application/vc+jwt"
	for accept, want := range map[string]string{
		"": html, "*/*": html, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": html,
		token: token, "application/vc+jwt, */*;q=0.1": token, "application/vc+jwt, */*": token, "Application/VC+JWT": token,
		"text/html;q=0.5, application/vc+jwt": token, "text/html, application/vc+jwt;q=0.5": html, "text/html, application/vc+jwt": html,
		"text/*": html, "application/*": token, "*/*, application/vc+jwt;q=0": html, "application/vc+jwt;q=0": "", "application/json": "", "image/*": "",
		"application/vc+jwt;q=2": "", "application/vc+jwt;q=x": "", "text/html;q=0, */*": token, ";;;": "",
	} {
		if got := preferred([]string{accept}, html, token); got != want {
			t.Errorf("%q gets %q, want %q", accept, got, want)
		}
	}
	if got := preferred([]string{"text/plain", token}, html, token); got != token {
		t.Errorf("two headers get %q", got)
	}
	if got := preferred(nil, html, token); got != html {
		t.Errorf("no header gets %q", got)
	}
}
