package course

import (
	"slices"
	"strconv"
	"time"

	"faellesskab/internal/clock"
	"faellesskab/internal/fault"
	"faellesskab/internal/group"
	"faellesskab/internal/id"
	"faellesskab/internal/optional"
	"faellesskab/internal/place"
	"faellesskab/internal/text"
)

// maxMaterials is how many links a course has.
const maxMaterials = 20

// RulesInput are the rules of a new course. It is a part of CreateInput.
type RulesInput struct {
	Audience             *AudienceInput   `json:",omitempty"`
	PrerequisiteSkillIDs []string         `json:",omitempty"`
	Materials            []MaterialInput  `json:",omitempty"`
	Completion           *CompletionInput `json:",omitempty"`
	GivesCertificate     bool             `json:",omitempty"`
	Minimum              *int             `json:",omitempty"`
	DecideBy             *clock.Local     `json:",omitempty"`
}

// edit is the input as an edit of a course that has no rules yet.
func (in *RulesInput) edit() *RulesEdit {
	e := &RulesEdit{PrerequisiteSkillIDs: optional.ListOf(in.PrerequisiteSkillIDs...), Materials: optional.ListOf(in.Materials...),
		GivesCertificate: optional.Of(in.GivesCertificate)}
	if in.Audience != nil {
		e.Audience = optional.Of(*in.Audience)
	}
	if in.Completion != nil {
		e.Completion = optional.Of(*in.Completion)
	}
	if in.Minimum != nil {
		e.Minimum = optional.Of(*in.Minimum)
	}
	if in.DecideBy != nil {
		e.DecideBy = optional.Of(*in.DecideBy)
	}
	return e
}

// RulesEdit changes the rules of a course. It is a part of UpdateInput. What is left out stays as it is.
type RulesEdit struct {
	Audience             optional.Edit[AudienceInput]   `json:",omitzero"` // null: everyone
	PrerequisiteSkillIDs optional.List[string]          `json:",omitzero"` // null: none
	Materials            optional.List[MaterialInput]   `json:",omitzero"` // null: none
	Completion           optional.Edit[CompletionInput] `json:",omitzero"` // null: the usual share
	GivesCertificate     optional.Edit[bool]            `json:",omitzero"`
	Minimum              optional.Edit[int]             `json:",omitzero"` // null: none
	DecideBy             optional.Edit[clock.Local]     `json:",omitzero"` // null: none
}

// AudienceInput says for whom a course is meant.
type AudienceInput struct {
	AreaIDs    []string     `json:",omitempty"`
	GroupKinds []group.Kind `json:",omitempty"`
	GroupRoles []GroupRole  `json:",omitempty"`
}

// MaterialInput is a link in an input.
type MaterialInput struct {
	Title string
	URL   string
}

// CompletionInput is the attendance that a course asks for: one of the two.
type CompletionInput struct {
	Share      *int     `json:",omitempty"`
	SessionIDs []string `json:",omitempty"`
}

// address takes an edit of the audience over; areas are those that the input names besides it.
func (c *Course) address(p *fault.Problems, audience optional.Edit[AudienceInput], areas optional.List[string]) {
	if areas.IsSet() {
		c.AreaIDs = cleanAreas(p, "input.areaIds", areas.Value())
	}
	if !audience.IsSet() {
		return
	}
	var in AudienceInput
	optional.Set(&in, audience)
	switch named := cleanAreas(p, "input.audience.areaIds", in.AreaIDs); {
	case !areas.IsSet():
		c.AreaIDs = named
	case in.AreaIDs != nil && !slices.Equal(named, c.AreaIDs):
		p.Add(fault.Invalid("input.audience.areaIds", "course.audience.areas"))
	}
	c.GroupKinds, c.GroupRoles = tidy(in.GroupKinds), tidy(in.GroupRoles)
}

// tidy sorts values and leaves out those that come twice.
func tidy[T ~string](list []T) []T {
	sorted := slices.Sorted(slices.Values(list))
	return slices.Compact(sorted)
}

// apply changes the rules of a course whose sessions are those that it will have. now is the zero time for a new course,
// whose start is looked at later.
func (in *RulesEdit) apply(p *fault.Problems, c *Course, now time.Time) {
	if in.PrerequisiteSkillIDs.IsSet() {
		c.PrerequisiteSkillIDs = id.Clean(p, "input.prerequisiteSkillIds", in.PrerequisiteSkillIDs.Value(), id.Limits{Prefix: id.Skill, Max: maxIDs})
	}
	if in.Materials.IsSet() {
		c.Links = cleanMaterials(p, in.Materials.Value())
	}
	optional.Set(&c.GivesCertificate, in.GivesCertificate)
	in.complete(p, c)
	in.decide(p, c, now)
}

func cleanMaterials(p *fault.Problems, list []MaterialInput) []Material {
	if len(list) > maxMaterials {
		p.Add(fault.Invalid("input.materials", "list.long").With("Max", maxMaterials))
	}
	links := make([]Material, len(list))
	for i, in := range list {
		field := "input.materials." + strconv.Itoa(i)
		links[i] = Material{Title: text.Clean(p, field+".title", in.Title, text.Line), URL: place.CleanURL(p, field+".url", in.URL)}
		if links[i].URL == "" {
			p.Add(fault.Invalid(field+".url", "place.url"))
		}
	}
	return links
}

// complete changes the attendance that the course asks for, and refuses an edit that takes away a session that it names.
func (in *RulesEdit) complete(p *fault.Problems, c *Course) {
	const field = "input.completion"
	rule := in.Completion.Value()
	switch {
	case !in.Completion.IsSet():
		if len(c.Completion().Sessions()) < len(c.Rule.SessionIDs) {
			p.Add(fault.Invalid("input.sessions", "course.completion.gone"))
		}
	case rule == nil:
		c.Rule = Completion{}
	case (rule.Share == nil) == (rule.SessionIDs == nil):
		p.Add(fault.Invalid(field, "course.completion.one"))
	case rule.Share != nil:
		if c.Rule = (Completion{Percent: *rule.Share}); *rule.Share < 1 || *rule.Share > maxShare {
			p.Add(fault.Invalid(field+".share", "course.completion.share"))
		}
	default:
		c.Rule = Completion{SessionIDs: c.cleanNamed(p, field+".sessionIds", rule.SessionIDs)}
	}
}

// cleanNamed checks the sessions that a completion names.
func (c *Course) cleanNamed(p *fault.Problems, field string, list []string) []string {
	switch {
	case len(list) == 0:
		p.Add(fault.Invalid(field, "list.empty"))
	case len(list) > maxSessions:
		p.Add(fault.Invalid(field, "list.long").With("Max", maxSessions))
	}
	for i, sessionID := range list {
		at := field + "." + strconv.Itoa(i)
		problem := id.Check(at, sessionPrefix, sessionID)
		if problem == nil && c.session(sessionID) == nil {
			problem = fault.Invalid(at, "course.session.unknown")
		}
		p.Add(problem)
	}
	return tidy(list)
}

// decide changes how many people it takes, and when that is decided. Null for one of the two clears both.
func (in *RulesEdit) decide(p *fault.Problems, c *Course, now time.Time) {
	before := c.DecideBy
	if in.Minimum.IsSet() && in.Minimum.Value() == nil || in.DecideBy.IsSet() && in.DecideBy.Value() == nil {
		c.Minimum, c.DecideBy, c.Standing = nil, nil, nil
	}
	if n := in.Minimum.Value(); n != nil {
		c.Minimum = n
		if *n < 1 || *n > maxMinimum {
			p.Add(fault.Invalid("input.minimum", "course.minimum.range").With("Max", maxMinimum))
		}
	}
	if local := in.DecideBy.Value(); local != nil {
		at, err := local.In(c.TimeZone)
		p.AddAt("input.decideBy", err)
		c.DecideBy = &at
	}
	switch {
	case c.Minimum == nil && c.DecideBy != nil:
		p.Add(fault.Invalid("input.minimum", "course.decide.both"))
	case c.Minimum != nil && c.DecideBy == nil:
		p.Add(fault.Invalid("input.decideBy", "course.decide.both"))
	case c.DecideBy != nil && (before == nil || !before.Equal(*c.DecideBy)):
		waiting := StandingWaiting
		c.Standing = &waiting
		if !now.IsZero() {
			p.Add(c.checkDecideBy(now))
		}
	}
	if c.isWaiting() && len(c.Sessions) > 0 && !c.StartsAt.IsZero() && !c.DecideBy.Before(c.StartsAt) {
		p.Add(fault.Invalid("input.decideBy", "course.decide.late"))
	}
}

// maxMinimum is the largest number of people that a course can need.
const maxMinimum = 100_000

// isWaiting reports whether it is still to be decided whether enough people take part.
func (c *Course) isWaiting() bool { return c.Standing != nil && *c.Standing == StandingWaiting }

// checkDecideBy refuses a decision in the past. Returns Invalid.
func (c *Course) checkDecideBy(now time.Time) *fault.Error {
	if c.DecideBy == nil || c.DecideBy.After(now) {
		return nil
	}
	return fault.Invalid("input.decideBy", "time.past")
}

// fieldOfMinimum is the field that is wrong if the course has fewer seats than the people it takes.
func (in *UpdateInput) fieldOfMinimum() string {
	if in.Minimum.IsSet() {
		return "input.minimum"
	}
	return "input.capacity"
}

// checkMinimum refuses a course with fewer seats than the people it takes. It notes that at the field.
func (c *Course) checkMinimum(p *fault.Problems, field string, capacity *int) {
	if c.Minimum != nil && capacity != nil && *capacity < *c.Minimum {
		p.Add(fault.Invalid(field, "course.minimum.capacity").With("Max", *capacity))
	}
}
