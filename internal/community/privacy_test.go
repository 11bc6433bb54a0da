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

// Operators shard collections by the keys that the register names, leave the others together, and read why
// some queries ask all servers. What the manual leaves out, nobody shards.
func TestOperatorsShardAsTheRegisterSays(t *testing.T) {
	t.Parallel()
	manual := string(ct.Must(os.ReadFile("../../docs/OPERATIONS.md"))(t))
	said := map[string]string{}
	say := func(collection, key string) {
		if said[collection] != "" {
			t.Errorf("the manual shards %s twice", collection)
		}
		said[collection] = key
	}
	for _, m := range regexp.MustCompile(`shardCollection\("faellesskab\.(\w+)", (\{.*\})\)`).FindAllStringSubmatch(manual, -1) {
		say(m[1], m[2])
	}
	_, table, _ := strings.Cut(manual, "These collections stay unsharded:")
	table, _, _ = strings.Cut(table, "\n## ")
	for _, row := range rowsOf(table) {
		for _, m := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(row[0], -1) {
			say(m[1], privacy.Unsharded)
		}
	}
	_, table, _ = strings.Cut(manual, "These queries ask all servers, on purpose:")
	table, _, _ = strings.Cut(table, "These collections")
	asks := map[string]string{}
	for _, row := range rowsOf(table) {
		asks[strings.Trim(row[0], "`")+"."+strings.Trim(row[1], "`")] = row[2]
	}
	want, wantAsks := map[string]string{}, map[string]string{}
	for _, c := range ct.New(t).Privacy {
		name := c.Name
		switch {
		case strings.HasPrefix(c.Name, "*"):
			name = "any"
		case c.ShardKey == privacy.Unsharded:
			want[c.Name] = c.ShardKey
		default:
			want[c.Name] = privacy.Hashed(c.ShardKey)
		}
		for field, why := range c.AskAll {
			wantAsks[name+"."+field] = why
		}
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("shard keys (-register +manual):\n%s", diff)
	}
	if diff := cmp.Diff(wantAsks, asks); diff != "" {
		t.Errorf("queries that ask all servers (-register +manual):\n%s", diff)
	}
}

// rowsOf are the cells of a Markdown table, without its head.
func rowsOf(table string) (rows [][]string) {
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "| ") && strings.HasSuffix(line, " |") {
			rows = append(rows, strings.Split(strings.Trim(line, "| "), " | "))
		}
	}
	return rows[min(1, len(rows)):]
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
