package community_test

import (
	"flag"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
)

var update = flag.Bool("update", false, "print docs/PRIVACY.md anew")

const privacyDocument = "../../docs/PRIVACY.md"

// docs/PRIVACY.md is what the register says: make privacy prints it.
func TestTheDocumentIsTheRegister(t *testing.T) {
	t.Parallel()
	got := ct.New(t).Privacy.Markdown()
	if *update {
		if err := os.WriteFile(privacyDocument, []byte(got), 0o644); err != nil { //nolint:gosec // everybody may read it
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(privacyDocument)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the register says something else; if that is meant: make privacy (-document +register)\n%s", diff)
	}
}
