package calendar

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"faellesskab/internal/id"
	"faellesskab/internal/outbox"
)

const (
	// secretBytes is how long the secret of an address is: 192 bits.
	secretBytes = 24
	// keptHashes is how many secrets of one round are known: another one comes when the program's secret was replaced.
	keptHashes = 2
	// roundPrefix begins the ids of rounds.
	roundPrefix = "fed"
	// purpose is what the codes of addresses are made for.
	purpose = "calendar feed"
	// FeedPath is the folder of the addresses of feeds.
	FeedPath = "/calendar/"
	// FeedEnd is the end of the addresses of feeds.
	FeedEnd = ".ics"
)

// Feed is a calendar that somebody follows by a secret address: of what they have booked, or of a group or an area.
type Feed struct {
	ID        string    `bson:"_id"` // "<person>:<what>": see feedID
	PersonID  string    `bson:"personId"`
	GroupID   string    `bson:"groupId,omitempty"`
	AreaID    string    `bson:"areaId,omitempty"`
	CreatedAt time.Time `bson:"createdAt"` // when it got its address
	// Round is another one with each address, which is made from it.
	Round string `bson:"round" json:"-"`
	// Hashes are digests of the secrets that lead to the feed, the newest first.
	Hashes  []string `bson:"hashes" json:"-"`
	Version int      `bson:"version"`

	outbox.Pending `bson:",inline"`

	// URL is the address, which is kept nowhere.
	URL string `bson:"-" json:"-"`
}

// WebcalURL is the address by which phones and computers open their calendar program.
func (f *Feed) WebcalURL() string {
	_, rest, found := strings.Cut(f.URL, "://")
	if !found {
		return f.URL
	}
	return "webcal://" + rest
}

// own is what the id of a feed says in place of a group or an area.
const own = "own"

// scope is what a feed shows: a group, an area, or what its person has booked.
type scope struct{ GroupID, AreaID string }

func (s scope) feedID(personID string) string {
	what := own
	if s.GroupID+s.AreaID != "" {
		what = s.GroupID + s.AreaID
	}
	return id.Pair(personID, what)
}

func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// secretOf is the secret of a feed's present address.
func (s *Service) secretOf(f *Feed) string {
	return base64.RawURLEncoding.EncodeToString(s.Secrets.Code(purpose, f.ID, f.Round)[:secretBytes])
}

// address gives a feed the address of its present round, and reports whether the feed knew its secret.
func (s *Service) address(f *Feed) (known bool) {
	secret := s.secretOf(f)
	f.URL = s.PublicURL + FeedPath + secret + FeedEnd
	hash := hashOf(secret)
	if slices.Contains(f.Hashes, hash) {
		return true
	}
	f.Hashes = append([]string{hash}, f.Hashes[:min(len(f.Hashes), keptHashes-1)]...)
	return false
}
