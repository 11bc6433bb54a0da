package mongodb_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"faellesskab/internal/announcement"
	"faellesskab/internal/area"
	"faellesskab/internal/booking"
	"faellesskab/internal/course"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/inbox"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
)

// everything is a document with a field of every sort.
type everything struct {
	ID     string          `bson:"_id"`
	Kind   colour          `bson:"kind"`
	Whole  int             `bson:"whole"`
	Small  int8            `bson:"small"`
	Only   uint16          `bson:"only"`
	Part   float64         `bson:"part"`
	Is     bool            `bson:"is"`
	At     time.Time       `bson:"at"`
	Maybe  *time.Time      `bson:"maybe"`
	Words  []string        `bson:"words"`
	Kinds  []colour        `bson:"kinds"`
	Parts  []part          `bson:"parts"`
	Others []*part         `bson:"others"`
	Bytes  []byte          `bson:"bytes"`
	By     map[string]part `bson:"by"`
	Counts map[colour]int  `bson:"counts"`
	Any    any             `bson:"any"`
	Raw    bson.Raw        `bson:"raw"`
	Free   bson.M          `bson:"free"`
	Parent *everything     `bson:"parent"`
	Lists  [][]string      `bson:"lists"`
	Own    shout           `bson:"own"`
	OwnPtr *shout          `bson:"ownPtr"`
	More   `bson:",inline"`
	Name   string
}

type colour string

type part struct {
	Name string `bson:"name"`
	N    *int64 `bson:"n"`
}

// More is inline in everything.
type More struct {
	Extra string         `bson:"extra"`
	Deep  map[string]any `bson:"deep"`
}

// shout decodes itself.
type shout string

func (s *shout) UnmarshalBSONValue(kind byte, data []byte) error {
	text, ok := bson.RawValue{Type: bson.Type(kind), Value: data}.StringValueOK()
	if !ok && bson.Type(kind) != bson.TypeNull {
		return fmt.Errorf("no text")
	}
	*s = shout(strings.ToUpper(text))
	return nil
}

// Whatever a document is like, it is read as the driver reads it, and refused when the driver refuses it. One that is
// no sound document may be refused though the driver reads it.
func TestDocumentsAreReadAsTheDriverReadsThem(t *testing.T) {
	t.Parallel()
	t.Run("everything", sameAsDriver[everything])
	t.Run("announcement", sameAsDriver[announcement.Announcement])
	t.Run("area", sameAsDriver[area.Area])
	t.Run("bookable", sameAsDriver[booking.Bookable])
	t.Run("booking", sameAsDriver[booking.Booking])
	t.Run("seats", sameAsDriver[booking.Seats])
	t.Run("course", sameAsDriver[course.Course])
	t.Run("device", sameAsDriver[device.Device])
	t.Run("event", sameAsDriver[event.Event])
	t.Run("occurrence", sameAsDriver[event.Occurrence])
	t.Run("contact", sameAsDriver[group.ContactInvitation])
	t.Run("group", sameAsDriver[group.Group])
	t.Run("link", sameAsDriver[group.Link])
	t.Run("membership", sameAsDriver[group.Membership])
	t.Run("handover", sameAsDriver[inbox.Handover])
	t.Run("notice", sameAsDriver[inbox.Notice])
	t.Run("settings", sameAsDriver[notify.Settings])
	t.Run("person", sameAsDriver[person.Person])
}

func sameAsDriver[T any](t *testing.T) {
	if !mongodb.Compiles[T]() || !mongodb.Compiles[*T]() {
		t.Fatalf("%T is left to the driver", *new(T))
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // it makes test documents
	alone, refused := 0, 0
	for i := range 600 {
		raw, err := bson.Marshal(documentLike(random, reflect.TypeFor[T](), i%3, 0))
		if err != nil {
			t.Fatal(err)
		}
		if i%5 == 4 {
			raw[random.IntN(len(raw))] = byte(random.IntN(256))
		}
		if i%11 == 10 {
			raw = raw[:random.IntN(len(raw))]
		}
		var want, got T
		wantErr, gotErr := asDriver(raw, &want), mongodb.Decode(raw, &got)
		if mongodb.Sound(raw) != nil && gotErr != nil {
			refused++
			continue
		}
		if (wantErr == nil) != (gotErr == nil) || wantErr == nil && !same(want, got) {
			t.Fatalf("%v\nthe driver: %+v, %v\nhere: %+v, %v", raw, want, wantErr, got, gotErr)
		}
		if wantErr != nil {
			refused++
		}
		if mongodb.ReadAlone(raw, new(T)) {
			alone++
		}
	}
	if alone < 60 || refused < 60 {
		t.Errorf("of 600 documents %d are read without the driver, and %d are refused", alone, refused)
	}
}

// asDriver reads a document as mongo.Cursor.Decode does. That refuses lengths that point backwards, with which
// bson.Unmarshal never ends.
func asDriver(raw bson.Raw, into any) error {
	return bson.NewDecoder(bson.NewDocumentReader(bytes.NewReader(raw))).Decode(into)
}

// same compares values that a decoder made. Numbers that are none are the same.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || strings.Contains(fmt.Sprintf("%+v", a), "NaN") && fmt.Sprintf("%+v", a) == fmt.Sprintf("%+v", b)
}

// documentLike is a document with some fields of a struct: as they should be (0), some of another type (1),
// or also unknown ones, in another case, or twice (2).
func documentLike(random *rand.Rand, t reflect.Type, mess, depth int) bson.D {
	doc := bson.D{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("bson"), ",")
		switch {
		case f.PkgPath != "" || name == "-" || random.IntN(4) == 0:
			continue
		case strings.Contains(options, "inline") && f.Type.Kind() == reflect.Map:
			continue
		case strings.Contains(options, "inline"):
			doc = append(doc, documentLike(random, f.Type, mess, depth)...)
			continue
		case name == "":
			name = strings.ToLower(f.Name)
		}
		doc = append(doc, bson.E{Key: name, Value: valueLike(random, f.Type, mess, depth)})
		if mess == 2 && random.IntN(12) == 0 {
			name = []string{name, strings.ToUpper(name), "unknown", "Größe", strings.Repeat("Z", 70)}[random.IntN(5)]
			doc = append(doc, bson.E{Key: name, Value: valueLike(random, f.Type, mess, depth)})
		}
	}
	if mess == 2 {
		random.Shuffle(len(doc), func(i, j int) { doc[i], doc[j] = doc[j], doc[i] })
	}
	return doc
}

// valueLike is a value for a type, or now and then any other.
func valueLike(random *rand.Rand, t reflect.Type, mess, depth int) any {
	others := []any{nil, "x", "", int32(3), int64(1) << 40, -1.5, 4.0, true, time.Now(), bson.A{}, bson.A{"a", int32(1), nil},
		bson.D{}, bson.D{{Key: "name", Value: "y"}, {Key: "1", Value: int32(1)}}, bson.NewObjectID(), bson.Binary{Data: []byte{1, 2}}, bson.Regex{Pattern: "a"},
		bson.Timestamp{T: 7}, bson.Undefined{}, bson.MinKey{}, bson.Symbol("s"), bson.Decimal128{}}
	if mess > 0 && random.IntN(40) == 0 || depth > 4 {
		return others[random.IntN(len(others))]
	}
	if random.IntN(12) == 0 {
		return nil
	}
	if t == reflect.TypeFor[time.Time]() {
		return time.UnixMilli(random.Int64N(1<<45) - 1<<44)
	}
	many := func() []struct{} { return make([]struct{}, random.IntN(4)) }
	switch t.Kind() {
	case reflect.Pointer:
		return valueLike(random, t.Elem(), mess, depth)
	case reflect.String:
		return strings.Repeat("ø", random.IntN(9))
	case reflect.Bool:
		return random.IntN(2) == 0
	case reflect.Float64, reflect.Float32:
		return []any{random.Float64(), int32(2), int64(3)}[random.IntN(3)]
	case reflect.Struct:
		return documentLike(random, t, mess, depth+1)
	case reflect.Slice, reflect.Array:
		if t == reflect.TypeFor[bson.Raw]() {
			return bson.D{{Key: "a", Value: "b"}}
		}
		if t.Elem().Kind() == reflect.Uint8 {
			return []byte{1, 2, 3}
		}
		list := bson.A{}
		for range many() {
			list = append(list, valueLike(random, t.Elem(), mess, depth+1))
		}
		return list
	case reflect.Map:
		doc := bson.D{}
		for range many() {
			doc = append(doc, bson.E{Key: string(rune('a' + random.IntN(5))), Value: valueLike(random, t.Elem(), mess, depth+1)})
		}
		return doc
	case reflect.Interface:
		return others[random.IntN(len(others))]
	}
	if mess > 0 && random.IntN(20) == 0 {
		return random.Int64()
	}
	return []any{random.Int32N(100), int64(random.IntN(100))}[random.IntN(2)]
}
