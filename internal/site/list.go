package site

import (
	"bytes"
	"context"
	_ "embed" // for the template
	"encoding/csv"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"faellesskab/internal/auth"
	"faellesskab/internal/booking"
	"faellesskab/internal/checkin"
	"faellesskab/internal/event"
	"faellesskab/internal/i18n"
)

//go:embed templates/list.html
var listPage string

//go:embed templates/list.css
var listStyle string

var (
	listTemplate = template.Must(template.New("list").Parse(listPage))
	listPolicy   = policyOf(listStyle)
)

// byteOrder is what Excel needs at the start of a file to take it for UTF-8.
const byteOrder = "\ufeff"

// form writes a list, and says what it is.
type form func(*roll) (body []byte, contentType string, err error)

// list answers with who comes to a date, or is enrolled in a course, as a function reads it and in the form that another gives it.
func (s *site) list(read func(ctx context.Context, bookableID string) (*roll, error), write form, policy string) http.HandlerFunc {
	return s.servedTo(func(r *http.Request) (*answer, error) {
		ctx, dateID := r.Context(), r.PathValue("date")
		if link := r.URL.Query().Get("link"); link != "" {
			var err error
			if ctx, err = s.CheckIns.Opened(ctx, dateID, link); err != nil {
				return nil, err
			}
		}
		of, err := read(ctx, dateID)
		if err != nil {
			return nil, err
		}
		body, contentType, err := write(of)
		return &answer{contentType: contentType, body: body, policy: policy, isSecret: true}, err
	})
}

// roll is who comes to a date, in words.
type roll struct {
	Language, Title, When, More string
	Heads                       []string
	Rows                        [][]string
	Numbers                     []string
	Style                       template.CSS
}

func (s *site) roll(ctx context.Context, dateID string) (*roll, error) {
	l := auth.LanguageOf(ctx, nil)
	list, err := s.CheckIns.List(ctx, dateID, l)
	if err != nil {
		return nil, err
	}
	o, err := s.Events.Occurrence(ctx, dateID)
	if err != nil {
		return nil, err
	}
	return s.inWords(l, o, list), nil
}

func (s *site) inWords(l i18n.Language, o *event.Occurrence, list *checkin.List) *roll {
	word := func(key string) string { return i18n.Translate(l, "page.list."+key, nil) }
	reader := i18n.Reader{Language: l, Zone: o.Start().Zone, Now: s.Now()}
	r := &roll{Language: l.Tag().String(), Title: o.Title, When: reader.Span(o.Start(), o.End(), o.IsAllDay), Style: template.CSS(listStyle), //nolint:gosec // it is the program's own
		Heads: append([]string{word("name"), word("guests"), word("guest_names"), word("state"), word("came_at"), word("contact")}, list.Questions...)}
	if list.IsCut {
		r.More = i18n.Translate(l, "page.list.more", map[string]any{"Max": checkin.MostOnList})
	}
	seats := 0
	for _, p := range list.People {
		seats += 1 + p.Guests
		var guests []string
		for _, g := range p.NamedGuests {
			guests = append(guests, g.Name+ageOf(g, word))
		}
		came := ""
		if p.CheckedInAt != nil {
			came = o.Start().Zone.At(*p.CheckedInAt).Format("2006-01-02 15:04")
		}
		row := []string{p.Name, strconv.Itoa(p.Guests), strings.Join(guests, "; "), word("state." + string(p.State)), came, p.Contact}
		for column := range list.Questions {
			row = append(row, p.Answers[column])
		}
		r.Rows = append(r.Rows, row)
	}
	r.Numbers = []string{i18n.Translate(l, "page.list.people", map[string]any{"Number": len(list.People)}), i18n.Translate(l, "page.list.seats", map[string]any{"Number": seats})}
	return r
}

func ageOf(g booking.NamedGuest, word func(string) string) string {
	if g.AgeBand == nil {
		return ""
	}
	return " (" + word("age."+string(*g.AgeBand)) + ")"
}

// asCSV is a list for spreadsheets, with the semicolons that a Danish Excel expects.
func asCSV(r *roll) (all []byte, contentType string, err error) {
	var body bytes.Buffer
	body.WriteString(byteOrder)
	w := csv.NewWriter(&body)
	w.Comma, w.UseCRLF = ';', true
	rows := append([][]string{r.Heads}, r.Rows...)
	if r.More != "" {
		rows = append(rows, []string{r.More})
	}
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		if err := w.Write(safe); err != nil {
			return nil, "", fmt.Errorf("write a list: %w", err)
		}
	}
	w.Flush()
	return body.Bytes(), "text/csv; charset=utf-8", w.Error()
}

// harmless keeps a spreadsheet from taking what somebody wrote for a formula, also behind spaces.
func harmless(cell string) string {
	trimmed := strings.TrimLeft(cell, " \t\r\n\u00a0\u3000")
	if trimmed != "" && strings.ContainsRune("=+-@＝＋－＠|", []rune(trimmed)[0]) || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") {
		return "'" + cell
	}
	return cell
}

func asPage(r *roll) (all []byte, contentType string, err error) {
	var body bytes.Buffer
	if err := listTemplate.Execute(&body, r); err != nil {
		return nil, "", fmt.Errorf("write the page of a list: %w", err)
	}
	return body.Bytes(), "text/html; charset=utf-8", nil
}
