package announcement

import (
	"strconv"

	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/person"
	"faellesskab/internal/text"
)

// key is the key of the cause that tells people.
func (a *Announcement) key() string { return notify.Key(a.ID, "sent", "1") }

// audience is the audience of an announcement.
func (a *Announcement) audience() notify.AudienceOf {
	switch {
	case a.GroupID != "":
		return notify.AudienceOf{Kind: group.AudienceMembers, IDs: []string{a.GroupID}}
	case a.Bookable != nil:
		return a.Bookable.audience()
	case len(a.AreaIDs) > 0:
		return notify.AudienceOf{Kind: person.AudienceHomeArea, IDs: a.AreaIDs}
	}
	return notify.AudienceOf{Kind: person.AudienceEveryone, IDs: []string{}}
}

// cause is the news for the audience.
func (a *Announcement) cause() notify.Cause {
	return notify.Cause{Key: a.key(), Kind: a.kind(), Subject: a.ID, GroupID: a.GroupID, Actor: a.AuthorID,
		Audiences: []notify.AudienceOf{a.audience()}, Data: a.words()}
}

// corrected is the news of a correction, for those of the audience who have seen what was wrong. It
// is of the same kind, so that it comes to them in the same way.
func (a *Announcement) corrected(by string) notify.Cause {
	c := a.cause()
	c.Key, c.Actor, c.SeenKey = notify.Key(a.ID, "corrected", strconv.Itoa(a.Corrections)), by, a.key()
	c.Data["Corrected"] = "1"
	return c
}

// kind is the kind of the news that tells people what is announced.
func (a *Announcement) kind() notify.Kind {
	switch {
	case a.IsUrgent:
		return NoticeUrgent
	case a.GroupID != "":
		return NoticeToGroup
	case a.Bookable != nil:
		return NoticeMessage
	}
	return NoticeBroadcast
}

// words are what news says of the announcement. Title names what people have booked, if that is to whom
// it goes, since the reason for the news says so too; the announcement's own title is Heading then.
func (a *Announcement) words() map[string]string {
	words := a.titleWords(a.Titles)
	for _, l := range i18n.Languages {
		words["Text_"+string(l)] = text.Shorten(a.Texts.In(l), pushLength)
		if a.Bookable != nil {
			words["Heading_"+string(l)], words["Title_"+string(l)] = a.Titles.In(l), a.Bookable.Titles.In(l)
		}
	}
	return words
}

// titleWords name the announcement in a text.
func (a *Announcement) titleWords(titles i18n.Text) map[string]string {
	words := map[string]string{}
	for _, l := range i18n.Languages {
		words["Title_"+string(l)] = titles.In(l)
	}
	if a.GroupID != "" {
		words["Group"] = a.GroupName
	}
	return words
}

// pushLength is how many characters of the text a push holds. The app shows the whole text.
const pushLength = 180
