package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"faellesskab/internal/clock"
	"faellesskab/internal/text"
)

//go:embed texts/da.toml texts/en.toml texts/places.toml
var textFiles embed.FS

// catalogs are the program's own texts, read at the first use. They are part of the program, so one
// that cannot be read is a mistake in the program and panics.
var catalogs = sync.OnceValue(func() map[Language]*catalog {
	all, err := loadCatalogs(textFiles)
	if err != nil {
		panic(err)
	}
	return all
})

// catalog is the texts of one language.
type catalog struct {
	language  Language
	keys      map[string]bool
	plural    map[string]bool // keys with a singular and a plural
	mentions  map[string][]string
	localizer *goi18n.Localizer
	printer   *message.Printer
}

func loadCatalogs(files fs.FS) (map[Language]*catalog, error) {
	all := map[Language]*catalog{}
	for _, l := range Languages {
		path := "texts/" + l.Tag().String() + ".toml"
		// Each language has a bundle of its own, since Translate decides which language
		// replaces a missing text.
		bundle := goi18n.NewBundle(l.Tag())
		bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
		file, err := bundle.LoadMessageFileFS(files, path)
		if err != nil {
			return nil, fmt.Errorf("read texts %s: %w", path, err)
		}
		if file.Tag == language.Und {
			return nil, fmt.Errorf("read texts %s: unknown language", path)
		}
		c := &catalog{language: l, keys: map[string]bool{}, plural: map[string]bool{}, mentions: map[string][]string{}, localizer: goi18n.NewLocalizer(bundle, l.Tag().String()), printer: message.NewPrinter(l.Tag())}
		for _, m := range file.Messages {
			c.keys[m.ID] = true
			c.plural[m.ID] = m.One != ""
			for _, found := range mention.FindAllStringSubmatch(m.One+m.Other, -1) {
				c.mentions[m.ID] = append(c.mentions[m.ID], found[1])
			}
		}
		all[l] = c
	}
	return all, nil
}

// Translate is the text under a key in that language, with the values it mentions; args["Count"], if
// present, decides between singular and plural. If the text is missing, or cannot be written with
// these values, it is the Danish text, and if there is none either, the key. So an answer always has
// a text.
func Translate(l Language, key string, args map[string]any) string {
	return translate(catalogs(), l, key, args)
}

func translate(all map[Language]*catalog, l Language, key string, args map[string]any) string {
	for _, l := range []Language{l, Danish} {
		c, ok := all[l]
		if !ok || !c.keys[key] {
			continue
		}
		config := &goi18n.LocalizeConfig{MessageID: key, TemplateData: c.written(args)}
		if c.plural[key] {
			config.PluralCount = args["Count"]
		}
		said, err := c.localizer.Localize(config)
		if err == nil && said != "" {
			return text.Alone(said)
		}
	}
	return key
}

// written are the values as the language writes them: 100000 is "100.000" in Danish, and what is
// written from right to left is a part of its own. So a text compares no number, and only words of the program.
// The values are the same ones if all are written as they are.
func (c *catalog) written(args map[string]any) map[string]any {
	as, isOwn := args, false
	for name, value := range args {
		var said string
		switch v := value.(type) {
		case int, int64:
			said = c.printer.Sprint(v)
		case string:
			if said = text.Among(v); said == v {
				continue
			}
		case []clock.Local:
			said = c.days(v)
		default:
			continue
		}
		if !isOwn {
			as, isOwn = maps.Clone(args), true
		}
		as[name] = said
	}
	return as
}

// days names the days of several times, of which one can be chosen: "onsdag den 29. maj 2024 eller onsdag den 5. juni 2024".
func (c *catalog) days(list []clock.Local) string {
	r := Reader{Language: c.language, Zone: clock.Copenhagen}
	texts := make([]string, len(list))
	for i, l := range list {
		texts[i] = r.date(l.OnPaper()) // there is no now, so that the year is said
	}
	return strings.Join(texts, r.word(" eller ", " or "))
}

// mention is where a text mentions a value: "{{.Title}}", "{{if eq .Answer …}}".
var mention = regexp.MustCompile(`[{( ]\.([A-Z]\w*)`)

// mentioned are the names of the values that the texts mention, in any language, by key.
var mentioned = sync.OnceValue(func() map[string][]string {
	all := map[string][]string{}
	for _, c := range catalogs() {
		for key, names := range c.mentions {
			all[key] = append(all[key], names...)
		}
	}
	for key, names := range all {
		slices.Sort(names)
		all[key] = slices.Compact(names)
	}
	return all
})

// Mentioned are the names of the values that the text under a key mentions, in any
// language, sorted. Nobody changes the list.
func Mentioned(key string) []string { return mentioned()[key] }

// Has reports whether the catalog of that language has a text under the key.
func Has(l Language, key string) bool {
	c, ok := catalogs()[l]
	return ok && c.keys[key]
}

// Keys are the keys of that language's catalog, sorted.
func Keys(l Language) []string {
	c, ok := catalogs()[l]
	if !ok {
		return nil
	}
	return slices.Sorted(maps.Keys(c.keys))
}
