package community_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/dead"
	"faellesskab/internal/privacy"
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

// Operators shard collections by the keys that the register names, and no others.
func TestOperatorsShardAsTheRegisterSays(t *testing.T) {
	t.Parallel()
	manual, err := os.ReadFile("../../docs/OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, m := range regexp.MustCompile(`shardCollection\("faellesskab\.(\w+)", \{(\w+): "hashed"\}\)`).FindAllStringSubmatch(string(manual), -1) {
		said[m[1]] = "{" + m[2] + ": hashed}"
	}
	_, line, _ := strings.Cut(string(manual), "Leave ")
	line, _, _ = strings.Cut(line, " unsharded")
	for _, m := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(line, -1) {
		said[m[1]] = privacy.Unsharded
	}
	if len(said) < 5 {
		t.Fatalf("the manual says nothing: %v", said)
	}
	for _, c := range ct.New(t).Privacy {
		if want, ok := said[c.Name]; c.ShardKey != want && (ok || c.ShardKey == privacy.Unsharded) {
			t.Errorf("%s: the register says %s, the manual %s", c.Name, c.ShardKey, want)
		}
	}
}

// News that could not be told is kept as long as letters are, since it is one.
func TestTheRegisterSaysHowLongFailuresAreKept(t *testing.T) {
	t.Parallel()
	for _, c := range ct.New(t).Privacy {
		switch c.Name {
		case "notify_jobs", "notify_chunks", "dead_letters":
			if !strings.Contains(c.Retention, privacy.For(dead.Keep)) {
				t.Errorf("%s is kept for %q", c.Name, c.Retention)
			}
		}
	}
}
