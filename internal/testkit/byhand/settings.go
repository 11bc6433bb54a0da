package byhand

import (
	"context"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

type kindSetting struct {
	Kind           string `json:"kind"`
	Channel        string `json:"channel"`
	DefaultChannel string `json:"defaultChannel"`
}

// kinds are the kinds of notices with the channels that they have unless a person has chosen others.
var kinds = []kindSetting{
	{"EVENT_PUBLISHED", "", "PUSH"}, {"EVENT_RESTORED", "", "PUSH"}, {"EVENT_CANCELLED", "", "PUSH"}, {"EVENT_MOVED", "", "PUSH"},
	{"EVENT_CHANGED", "", "INBOX"}, {"EVENT_REMINDER", "", "PUSH"}, {"EVENT_CO_ORGANISER", "", "PUSH"}, {"EVENT_CO_HOST_INVITED", "", "PUSH"},
	{"EVENT_CO_HOST_ACCEPTED", "", "PUSH"}, {"EVENT_CO_HOST_ENDED", "", "PUSH"}, {"SEAT_GRANTED", "", "PUSH"}, {"SEAT_OFFERED", "", "PUSH"},
	{"BOOKING_ENDED", "", "PUSH"}, {"BOOKING_REQUESTED", "", "PUSH"}, {"BOOKING_APPROVED", "", "PUSH"}, {"SIGNED_UP_BY_HAND", "", "PUSH"},
	{"COURSE_PUBLISHED", "", "PUSH"}, {"COURSE_CANCELLED", "", "PUSH"}, {"COURSE_MOVED", "", "PUSH"}, {"COURSE_CHANGED", "", "INBOX"},
	{"COURSE_REMINDER", "", "PUSH"}, {"COURSE_MATCHED", "", "INBOX"}, {"SKILLS_EARNED", "", "PUSH"}, {"COURSE_LACKS_PEOPLE", "", "PUSH"},
	{"COURSE_HELD", "", "PUSH"}, {"COURSE_REOPENED", "", "PUSH"}, {"COURSE_TEACHER_NAMED", "", "PUSH"},
	{"COURSE_TEACHER_REMOVED", "", "PUSH"}, {"COURSE_TEACHER_SUBSTITUTED", "", "PUSH"},
	{"CERTIFICATE_ISSUED", "", "PUSH"}, {"CERTIFICATE_REVOKED", "", "PUSH"}, {"WISH_ANSWERED", "", "PUSH"}, {"MINUTES_DUE", "", "PUSH"},
	{"FEEDBACK_ASKED", "", "PUSH"}, {"JOIN_REQUESTED", "", "PUSH"}, {"JOIN_REQUEST_ANSWERED", "", "PUSH"}, {"GROUP_INVITED", "", "PUSH"},
	{"INVITATION_ANSWERED", "", "INBOX"}, {"GROUP_ROLE_ENDS", "", "PUSH"}, {"GROUP_LED_BY_YOU", "", "PUSH"}, {"GROUP_CLOSES", "", "PUSH"},
	{"GROUP_ANNOUNCEMENT", "", "PUSH"}, {"BROADCAST", "", "PUSH"}, {"URGENT_BROADCAST", "", "PUSH"}, {"ATTENDEE_MESSAGE", "", "PUSH"},
	{"ANNOUNCEMENT_WAITS", "", "PUSH"}, {"URGENT_BROADCAST_WAITS", "", "PUSH"}, {"ANNOUNCEMENT_DECIDED", "", "PUSH"}, {"SUMMARY", "", "PUSH"},
	{"HANDED_OVER", "", "SUMMARY"},
}

// knownKinds filters the notices of these kinds.
var knownKinds = func() bson.D {
	known := bson.A{nil}
	for _, k := range kinds {
		known = append(known, k.Kind)
	}
	return bson.D{{Key: "$not", Value: bson.D{{Key: "$nin", Value: known}}}}
}()

type storedSettings struct {
	QuietFrom    string               `bson:"quietFrom"`
	QuietUntil   string               `bson:"quietUntil"`
	QuietDays    map[string]hours     `bson:"quietDays"`
	Pushes       int                  `bson:"pushes"`
	Version      int                  `bson:"version"`
	PushOff      bool                 `bson:"pushOff"`
	Kinds        map[string]string    `bson:"kinds"`
	MutedThreads map[string]time.Time `bson:"mutedThreads"`
	Stopped      map[string]struct {
		Words map[string]string `bson:"words"`
		At    time.Time         `bson:"at"`
	} `bson:"stopped"`
}

type hours struct {
	From  string `bson:"from"  json:"from"`
	Until string `bson:"until" json:"until"`
}

type weekdayHours struct {
	Weekday string `json:"weekday"`
	Hours   hours  `json:"hours"`
}

type stoppedReason struct {
	Key      string    `json:"key"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
	UndoText string    `json:"undoText"`
}

type mutedThread struct {
	Kind  string `json:"__typename"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

type notificationSettings struct {
	PushEnabled         bool            `json:"pushEnabled"`
	QuietHours          *hours          `json:"quietHours"`
	QuietHoursByWeekday []weekdayHours  `json:"quietHoursByWeekday"`
	TimeZone            string          `json:"timeZone"`
	PushesADay          int             `json:"pushesADay"`
	SummaryTime         string          `json:"summaryTime"`
	Reminders           []string        `json:"reminders"`
	Kinds               []kindSetting   `json:"kinds"`
	MutedThreads        []mutedThread   `json:"mutedThreads"`
	StoppedReasons      []stoppedReason `json:"stoppedReasons"`
	Version             int             `json:"version"`
}

var daysOfTheWeek = []string{"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"}

// readSettings reads the settings of a person who has some, and the courses that the person has muted.
func (h *handler) readSettings(ctx context.Context, viewer *person, to *notificationSettings) error {
	var s storedSettings
	if err := h.settings.FindOne(ctx, bson.D{{Key: "_id", Value: viewer.ID}}).Decode(&s); err != nil {
		return err
	}
	*to = notificationSettings{PushEnabled: !s.PushOff, QuietHoursByWeekday: []weekdayHours{}, TimeZone: "Europe/Copenhagen", PushesADay: s.Pushes,
		SummaryTime: "18:00", Kinds: slices.Clone(kinds), MutedThreads: []mutedThread{}, StoppedReasons: []stoppedReason{}, Version: s.Version}
	if s.QuietFrom != s.QuietUntil {
		to.QuietHours = &hours{s.QuietFrom, s.QuietUntil}
	}
	for _, day := range daysOfTheWeek {
		if quiet, isOwn := s.QuietDays[day]; isOwn {
			to.QuietHoursByWeekday = append(to.QuietHoursByWeekday, weekdayHours{day, quiet})
		}
	}
	for i := range to.Kinds {
		k := &to.Kinds[i]
		k.Channel = k.DefaultChannel
		if own := s.Kinds[k.Kind]; own != "" {
			k.Channel = own
		}
	}
	for key, r := range s.Stopped {
		to.StoppedReasons = append(to.StoppedReasons, stoppedReason{key, "Fordi " + r.Words["Area"] + " er dit lokalområde", r.At, "Slå til igen"})
	}
	return h.readMuted(ctx, &s, to)
}

func (h *handler) readMuted(ctx context.Context, s *storedSettings, to *notificationSettings) error {
	ids := make([]string, 0, len(s.MutedThreads))
	for thread := range s.MutedThreads {
		ids = append(ids, thread)
	}
	courses, err := find[struct {
		ID    string `bson:"_id"`
		Title texts  `bson:"title"`
	}](ctx, h.courses, byIDs(ids))
	for _, c := range courses {
		to.MutedThreads = append(to.MutedThreads, mutedThread{"Course", c.ID, c.Title.danish()})
	}
	return err
}

// texts are what is written in several languages, of which Danish is the first.
type texts []struct {
	Text string `bson:"text"`
}

func (t texts) danish() string {
	if len(t) == 0 {
		return ""
	}
	return t[0].Text
}

// states are the states of those of some documents that are there. They are asked for together.
func states(ctx context.Context, c *mongo.Collection, ids []string) (map[string]string, error) {
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // nothing is asked
	}
	found, err := find[struct {
		ID    string `bson:"_id"`
		State string `bson:"state"`
	}](ctx, c, byIDs(ids))
	byID := make(map[string]string, len(found))
	for _, f := range found {
		byID[f.ID] = f.State
	}
	return byID, err
}
