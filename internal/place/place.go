// Package place says where something happens.
package place

import (
	"fmt"
	"net/url"
	"strings"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// Place is where something happens. Latitude and longitude are degrees (WGS
// 84); both are nil or neither.
type Place struct {
	Name      string   `bson:"name"`
	Address   string   `bson:"address"`
	Latitude  *float64 `bson:"latitude,omitempty"`
	Longitude *float64 `bson:"longitude,omitempty"`
	// OnlineURL is where people meet online; empty if they do not. It is for those who have a seat, and for nobody else:
	// see For.
	OnlineURL string `bson:"onlineUrl,omitempty" json:"-"`
	// These say whom the place suits; nil: nobody has said.
	StepFree         *bool `bson:"stepFree,omitempty"`
	HearingLoop      *bool `bson:"hearingLoop,omitempty"`
	AccessibleToilet *bool `bson:"accessibleToilet,omitempty"`

	// bookables are the ids of what people book to be there, joined by commas, by which it is found who may have the
	// link; empty: nobody.
	bookables string
}

// For is the place of what has these ids and can be booked. Whoever has a seat at one of them may have the link.
func (p *Place) For(bookableIDs ...string) *Place {
	if p == nil || p.OnlineURL == "" {
		return p
	}
	of := *p
	of.bookables = strings.Join(bookableIDs, ",")
	return &of
}

// LinkOf are the ids of which one has to be booked to be given the link; none if there is no link, or nobody is given it.
func (p *Place) LinkOf() []string {
	if p.bookables == "" {
		return nil
	}
	return strings.Split(p.bookables, ",")
}

// Input is a place in an input.
type Input struct {
	Name      *string
	Address   *string
	Latitude  *float64
	Longitude *float64

	OnlineURL        *string
	StepFree         *bool
	HearingLoop      *bool
	AccessibleToilet *bool
}

// maxURL is how many characters a link may have.
const maxURL = 500

// Clean checks the input and makes a place of it; nil for nil, and for an input that says
// nothing.
func (in *Input) Clean(p *fault.Problems, field string) *Place {
	if in == nil {
		return nil
	}
	var out Place
	if in.Name != nil {
		out.Name = text.Clean(p, field+".name", *in.Name, text.Limits{Max: 120})
	}
	if in.Address != nil {
		out.Address = text.Clean(p, field+".address", *in.Address, text.Limits{Max: 200})
	}
	if (in.Latitude == nil) != (in.Longitude == nil) {
		p.Add(fault.Invalid(field, "place.half_position"))
	}
	// Comparisons with NaN are false, so this asks for the valid range and negates it.
	if in.Latitude != nil && !(*in.Latitude >= -90 && *in.Latitude <= 90) {
		p.Add(fault.Invalid(field+".latitude", "place.latitude"))
	}
	if in.Longitude != nil && !(*in.Longitude >= -180 && *in.Longitude <= 180) {
		p.Add(fault.Invalid(field+".longitude", "place.longitude"))
	}
	if in.OnlineURL != nil {
		out.OnlineURL = CleanURL(p, field+".onlineUrl", *in.OnlineURL)
	}
	out.Latitude, out.Longitude = in.Latitude, in.Longitude
	out.StepFree, out.HearingLoop, out.AccessibleToilet = in.StepFree, in.HearingLoop, in.AccessibleToilet
	if out == (Place{}) {
		return nil
	}
	return &out
}

// CleanURL checks the address of a page, which a phone opens when somebody taps it: nothing but the web, and nobody's password.
// An empty address stays empty.
func CleanURL(p *fault.Problems, field, s string) string {
	s = text.Clean(p, field, s, text.Limits{Max: maxURL})
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
		p.Add(fault.Invalid(field, "place.url"))
	}
	return s
}

// online is what a text calls a place that is nowhere else. It is the same word in all languages.
const online = "Online"

// Label is what a text calls the place: by its name, or else its address, or else its position,
// which maps understand. Empty for no place.
func (p *Place) Label() string {
	switch {
	case p == nil:
		return ""
	case p.Name != "":
		return p.Name
	case p.Address == "" && p.Latitude != nil && p.Longitude != nil:
		return fmt.Sprintf("%.5f, %.5f", *p.Latitude, *p.Longitude)
	case p.Address == "" && p.OnlineURL != "":
		return online
	}
	return p.Address
}

// Written is the place in one line: its name and its address, or else its position. Empty for no place.
func (p *Place) Written() string {
	if p == nil || p.Name == "" || p.Address == "" {
		return p.Label()
	}
	return p.Name + ", " + p.Address
}

// Equal reports whether two places are the same, whatever is said of whom they suit; nil is no place.
func (p *Place) Equal(q *Place) bool {
	if p == nil || q == nil {
		return p == q
	}
	return p.Name == q.Name && p.Address == q.Address && p.OnlineURL == q.OnlineURL && equal(p.Latitude, q.Latitude) && equal(p.Longitude, q.Longitude)
}

func equal(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
