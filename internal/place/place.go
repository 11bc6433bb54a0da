// Package place says where something happens.
package place

import (
	"fmt"

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
}

// Input is a place in an input.
type Input struct {
	Name      *string
	Address   *string
	Latitude  *float64
	Longitude *float64
}

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
	out.Latitude, out.Longitude = in.Latitude, in.Longitude
	if out == (Place{}) {
		return nil
	}
	return &out
}

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

// Equal reports whether two places are the same; nil is no place.
func (p *Place) Equal(q *Place) bool {
	if p == nil || q == nil {
		return p == q
	}
	return p.Name == q.Name && p.Address == q.Address && equal(p.Latitude, q.Latitude) && equal(p.Longitude, q.Longitude)
}

func equal(a, b *float64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
