package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
)

// EffectKind is the kind of the effect by which a domain's write queues a cause.
const EffectKind = "notify"

// AudienceOf names an audience of a cause: its kind and the ids by which it is
// walked.
type AudienceOf struct {
	Kind AudienceKind `bson:"kind"`
	IDs  []string     `bson:"ids"`
	// Why is the reason for which these people are told; nil: the audience's own.
	Why *Reason `bson:"why,omitempty"`
}

// Cause is something that happened and concerns people.
type Cause struct {
	// Key is deterministic, so that a cause that is queued twice is one. It is opaque:
	// facts about the news belong into Args.
	Key     string `bson:"_id"`
	Kind    Kind   `bson:"kind"`
	Subject string `bson:"subject"` // the id of what the news is about
	// GroupID is the group whose mute counts; empty if there is none.
	GroupID string `bson:"groupId,omitempty"`
	// Thread is the subject whose mute counts; empty: the subject itself.
	Thread string `bson:"thread,omitempty"`
	// MembersOnly says that only members of the group may see the subject. Nobody else
	// is told, even if they are in an audience.
	MembersOnly bool `bson:"membersOnly,omitempty"`
	// Audiences are in the order in which a notice gives reasons. A person in several
	// of them gets one notice with several reasons.
	Audiences []AudienceOf `bson:"audiences"`
	// SeenKey is the key of an earlier cause: only people who have seen its news are told. Empty: everybody.
	SeenKey string `bson:"seenKey,omitempty"`
	// UntoldKey is the key of an earlier cause: people who have got its notice are not told. Empty: everybody is.
	UntoldKey string `bson:"untoldKey,omitempty"`
	Actor     string `bson:"actor,omitempty"` // the person who did it, who is not told
	// About is the person of whom the news tells others. It is empty for news that is
	// about nobody, and for news that one person alone is told about themselves.
	About string `bson:"about,omitempty"`
	// Args are of the kind's own type.
	Args Args `bson:"args,omitempty"`
	// Data are the words the text mentions, by name; see text.go.
	Data map[string]string `bson:"data"`
	// ExpiresAt is when the news is no longer worth a push, usually the start of its
	// subject.
	ExpiresAt *time.Time `bson:"expiresAt,omitempty"`
	// TurnsUpAt is when a person who is not told would turn up in vain: the start of
	// what is cancelled, or the earlier of the two starts of what is moved. If that is
	// within the next hours, the news passes through quiet hours. For a summary it is
	// the time of the summary.
	TurnsUpAt *time.Time `bson:"turnsUpAt,omitempty"`
	// Again is the key of the cause whose notice comes back, since its one reader had put it off until
	// TurnsUpAt; empty: it is news.
	Again string `bson:"again,omitempty"`
}

// NoticeKey is the key by which the notices of the cause are named.
func (c *Cause) NoticeKey() string { return cmp.Or(c.Again, c.Key) }

// Key makes the key of a cause. It names nobody: a digest stands for the id of a
// person, because the key becomes part of the notices and the ledger of everybody who
// is told. Its parts are joined by colons, and have letters, digits, dots, dashes and
// underscores only, because it becomes part of ids that apps put into links.
func Key(subject, what, version string) string {
	parts := strings.Split(subject+":"+what+":"+version, ":")
	for i, part := range parts {
		if id.Prefix(part) == id.Person {
			sum := sha256.Sum256([]byte(part))
			parts[i] = hex.EncodeToString(sum[:8])
		}
	}
	return strings.Join(parts, ":")
}

// somebody is the id of a person within a text.
var somebody = regexp.MustCompile(id.Person + `_[0-7][0-9a-hjkmnp-tv-z]{25}`)

// Named are the ids of all the people whom the cause names: who did it, whom it is
// about, and those who are told by name. The others are told as members of an audience.
func (c *Cause) Named() []string {
	named := c.toldByName()
	for _, personID := range []string{c.Actor, c.About} {
		if personID != "" {
			named = append(named, personID)
		}
	}
	slices.Sort(named)
	return slices.Compact(named)
}

func (c *Cause) toldByName() []string {
	var told []string
	for _, a := range c.Audiences {
		for _, audienceID := range a.IDs {
			if id.Prefix(audienceID) == id.Person {
				told = append(told, audienceID)
			}
		}
	}
	return told
}

// checkNames refuses a cause whose key names somebody, and one whose args, which go
// into the notices of all who are told, name a person whom it does not say it is about.
func (c *Cause) checkNames() error {
	if somebody.MatchString(c.Key) {
		return fmt.Errorf("the key %s names a person", c.Key)
	}
	told := c.toldByName()
	for _, personID := range somebody.FindAllString(string(c.Args), -1) {
		isTheirOwn := len(c.Audiences) == 1 && len(told) == 1 && told[0] == personID
		if personID != c.About && !isTheirOwn {
			return fmt.Errorf("news %s tells others of a person without saying whom it is about", c.Kind)
		}
	}
	return nil
}

// Effect is the effect that queues the cause.
func Effect(c Cause) outbox.Effect { return outbox.New(EffectKind, c) }
