package place

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"faellesskab/internal/fault"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   *Input
		want *Place
	}{
		{"no place", nil, nil},
		{"an empty one", &Input{}, nil},
		{"blank parts", &Input{Name: new(" "), Address: new("\u00a0 ")}, nil},
		{"an empty part", &Input{Name: new(""), Address: new("Ågade 1")}, &Place{Address: "Ågade 1"}},
		{"name and address", &Input{Name: new(" Kulturhuset "), Address: new("A\u030agade 1 ")}, &Place{Name: "Kulturhuset", Address: "Ågade 1"}},
		{"a position", &Input{Latitude: new(55.7), Longitude: new(11.7)}, &Place{Latitude: new(55.7), Longitude: new(11.7)}},
		{"the south west end", &Input{Latitude: new(-90.0), Longitude: new(-180.0)}, &Place{Latitude: new(-90.0), Longitude: new(-180.0)}},
		{"the north east end", &Input{Latitude: new(90.0), Longitude: new(180.0)}, &Place{Latitude: new(90.0), Longitude: new(180.0)}},
		{"a link", &Input{OnlineURL: new(" HTTPS://moede.example/1?pwd=x#a ")}, &Place{OnlineURL: "HTTPS://moede.example/1?pwd=x#a"}},
		{"what is known of access", &Input{StepFree: new(true), HearingLoop: new(false)}, &Place{StepFree: new(true), HearingLoop: new(false)}},
		{"the longest", &Input{Name: new(strings.Repeat("å", 120)), Address: new(strings.Repeat("å", 200))},
			&Place{Name: strings.Repeat("å", 120), Address: strings.Repeat("å", 200)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var p fault.Problems
			got := tc.in.Clean(&p, "input.place")
			if err := p.Err(); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		in   Input
		want []string // field and key
	}{
		{"a long name", Input{Name: new(strings.Repeat("å", 121))}, []string{"input.place.name text.long"}},
		{"a long address", Input{Address: new(strings.Repeat("å", 201))}, []string{"input.place.address text.long"}},
		{"several lines", Input{Name: new("a\nb"), Address: new("a\nb")}, []string{"input.place.name text.characters", "input.place.address text.characters"}},
		{"only a latitude", Input{Latitude: new(55.7)}, []string{"input.place place.half_position"}},
		{"only a longitude", Input{Longitude: new(11.7)}, []string{"input.place place.half_position"}},
		{"a link to a program", Input{OnlineURL: new("javascript:alert(1)")}, []string{"input.place.onlineUrl place.url"}},
		{"a link to a file", Input{OnlineURL: new("file:///etc/passwd")}, []string{"input.place.onlineUrl place.url"}},
		{"a link into an app", Input{OnlineURL: new("zoommtg://zoom.us/join?confno=1")}, []string{"input.place.onlineUrl place.url"}},
		{"a link without a host", Input{OnlineURL: new("https://:443/moede")}, []string{"input.place.onlineUrl place.url"}},
		{"a link with a password", Input{OnlineURL: new("https://anna:hemmelig@moede.example/")}, []string{"input.place.onlineUrl place.url"}},
		{"only a path", Input{OnlineURL: new("/moede")}, []string{"input.place.onlineUrl place.url"}},
		{"words", Input{OnlineURL: new("kommer senere")}, []string{"input.place.onlineUrl place.url"}},
		{"a link of many lines", Input{OnlineURL: new("https://moede.example/\nhttps://moede.example/")}, []string{"input.place.onlineUrl text.characters", "input.place.onlineUrl place.url"}},
		{"a long link", Input{OnlineURL: new("https://moede.example/" + strings.Repeat("a", 500))}, []string{"input.place.onlineUrl text.long"}},
		{"too far north", Input{Latitude: new(90.001), Longitude: new(0.0)}, []string{"input.place.latitude place.latitude"}},
		{"too far south", Input{Latitude: new(-90.001), Longitude: new(0.0)}, []string{"input.place.latitude place.latitude"}},
		{"too far east", Input{Latitude: new(0.0), Longitude: new(180.001)}, []string{"input.place.longitude place.longitude"}},
		{"too far west", Input{Latitude: new(0.0), Longitude: new(-180.001)}, []string{"input.place.longitude place.longitude"}},
		{"no numbers", Input{Latitude: new(math.NaN()), Longitude: new(math.Inf(1))},
			[]string{"input.place.latitude place.latitude", "input.place.longitude place.longitude"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var p fault.Problems
			tc.in.Clean(&p, "input.place")
			var got []string
			for _, e := range p {
				got = append(got, e.Field+" "+e.Key)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A place is called by something, however little is known of it.
func TestLabel(t *testing.T) {
	t.Parallel()
	for want, p := range map[string]*Place{
		"":                   nil,
		"Kulturhuset":        {Name: "Kulturhuset", Address: "Ågade 1", Latitude: new(55.7), Longitude: new(11.7)},
		"Ågade 1":            {Address: "Ågade 1", Latitude: new(55.7), Longitude: new(11.7)},
		"55.70000, 11.70000": {Latitude: new(55.7), Longitude: new(11.7)},
	} {
		if got := p.Label(); got != want {
			t.Errorf("%+v is called %q, want %q", p, got, want)
		}
	}
}

func TestEqual(t *testing.T) {
	t.Parallel()
	full := func() *Place {
		return &Place{Name: "Kulturhuset", Address: "Ågade 1", Latitude: new(55.7), Longitude: new(11.7)}
	}
	changed := func(change func(*Place)) *Place {
		p := full()
		change(p)
		return p
	}
	for _, tc := range []struct {
		name string
		a, b *Place
		want bool
	}{
		{"none", nil, nil, true},
		{"one and none", full(), nil, false},
		{"an empty one and none", &Place{}, nil, false},
		{"the same", full(), full(), true},
		{"another name", full(), changed(func(p *Place) { p.Name = "Skolen" }), false},
		{"another address", full(), changed(func(p *Place) { p.Address = "Ågade 2" }), false},
		{"another latitude", full(), changed(func(p *Place) { *p.Latitude = 55.8 }), false},
		{"another longitude", full(), changed(func(p *Place) { *p.Longitude = 11.8 }), false},
		{"without latitude", full(), changed(func(p *Place) { p.Latitude = nil }), false},
		{"without longitude", full(), changed(func(p *Place) { p.Longitude = nil }), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.a.Equal(tc.b) != tc.want || tc.b.Equal(tc.a) != tc.want {
				t.Errorf("%v and %v are equal: %v and %v, want %v", tc.a, tc.b, tc.a.Equal(tc.b), tc.b.Equal(tc.a), tc.want)
			}
		})
	}
}
