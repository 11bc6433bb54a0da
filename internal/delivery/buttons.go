package delivery

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"faellesskab/internal/i18n"
	"faellesskab/internal/idempotency"
	"faellesskab/internal/notify"
	"faellesskab/internal/push"
)

// buttons are the buttons on the pushes of a piece of news, which are alike for everybody but for their keys.
type buttons struct {
	list []button // without titles
	in   map[i18n.Language]labelled
}

// button is a button as the app gets it: the call that a tap makes.
type button struct {
	Name     string            `json:"name"`
	Title    string            `json:"title"`
	Mutation string            `json:"mutation"`
	Input    map[string]string `json:"input"`
}

// labelled are the buttons in one language: as the phone shows them, and as the app gets them, cut where the
// keys of a reader belong.
type labelled struct {
	shown []push.Action
	cut   []string
}

// buttonsOf are the buttons on the pushes of a job.
func (n *Notifier) buttonsOf(c *notify.Cause) *buttons {
	news := notify.News{Kind: c.Kind, Subject: c.Subject, GroupID: c.GroupID, Args: c.Args}
	b := &buttons{in: map[i18n.Language]labelled{}}
	for _, a := range n.ActionsOn(news) {
		if input := a.Input(news); input != nil {
			input["clientMutationId"] = uuid.Nil.String() // where that of a reader belongs
			b.list = append(b.list, button{a.Name, a.TextKey(), a.Mutation, input})
		}
	}
	return b
}

// on puts the buttons on the push of a notice that a person gets.
func (b *buttons) on(m *push.Message, personID string, language i18n.Language) {
	if len(b.list) == 0 {
		return
	}
	own, ok := b.in[language]
	if !ok {
		own = b.label(language)
		b.in[language] = own
	}
	var data strings.Builder
	for i, piece := range own.cut {
		if i > 0 {
			data.WriteString(idempotency.ButtonKey(personID, m.NoticeID, b.list[i-1].Name))
		}
		data.WriteString(piece)
	}
	m.Actions, m.Category, m.Data["actions"] = own.shown, m.Data["kind"], data.String()
}

// label are the buttons in a language.
func (b *buttons) label(language i18n.Language) labelled {
	var l labelled
	list := make([]button, len(b.list))
	for i, button := range b.list {
		button.Title = i18n.Translate(language, button.Title, nil)
		list[i] = button
		l.shown = append(l.shown, push.Action{Name: button.Name, Title: button.Title})
	}
	raw, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Sprintf("delivery: texts do not marshal: %v", err))
	}
	l.cut = strings.Split(string(raw), uuid.Nil.String())
	return l
}
