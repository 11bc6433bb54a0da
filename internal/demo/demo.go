// Package demo fills an empty development database with people, groups, events and courses that
// are obviously made up, so that there is something to try. It calls the services as resolvers do.
// It never runs in production.
package demo

import (
	"context"
	"fmt"
	"slices"
	"time"

	"faellesskab/internal/area"
	"faellesskab/internal/auth"
	"faellesskab/internal/clock"
	"faellesskab/internal/community"
	"faellesskab/internal/course"
	"faellesskab/internal/device"
	"faellesskab/internal/event"
	"faellesskab/internal/group"
	"faellesskab/internal/i18n"
	"faellesskab/internal/notify"
	"faellesskab/internal/optional"
	"faellesskab/internal/person"
	"faellesskab/internal/place"
	"faellesskab/internal/skill"
)

// Persona is a made-up person to sign in as.
type Persona struct {
	Name        string // "resident-1"
	DisplayName string
	Roles       []auth.Role // besides RESIDENT
}

// UID is the Firebase uid the persona's token carries.
func (p Persona) UID() string { return "demo-" + p.Name }

// Phone is the registration token of the persona's demo phone.
func (p Persona) Phone() string { return "demo-phone-" + p.Name }

// Personas are all made-up people.
var Personas = []Persona{
	{Name: "resident-1", DisplayName: "Demo-beboer 1"},
	{Name: "resident-2", DisplayName: "Demo-beboer 2"},
	{Name: "resident-3", DisplayName: "Demo-beboer 3"},
	{Name: "resident-4", DisplayName: "Demo-beboer 4"},
	{Name: "resident-5", DisplayName: "Demo-beboer 5"},
	{Name: "leader-1", DisplayName: "Demo-gruppeleder 1"},
	{Name: "staff-1", DisplayName: "Demo-medarbejder 1", Roles: []auth.Role{auth.RoleStaff}},
	{Name: "builder-1", DisplayName: "Demo-fælles-skaber 1", Roles: []auth.Role{auth.RoleCommunityBuilder}},
	{Name: "politician-1", DisplayName: "Demo-politiker 1", Roles: []auth.Role{auth.RolePolitician}},
	{Name: "admin-1", DisplayName: "Demo-administrator 1", Roles: []auth.Role{auth.RoleAdmin}},
}

// seeder carries what the steps share.
type seeder struct {
	*community.Community
	now    time.Time
	areas  []*area.Area
	people map[string]*person.Person // by persona
	skills []*skill.Skill
}

// Seed fills the database. It is meant for an empty one.
func Seed(ctx context.Context, c *community.Community, areas []*area.Area) error {
	s := &seeder{Community: c, now: c.DB.Now(), areas: areas, people: map[string]*person.Person{}}
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"people", s.seedPeople}, {"areas", s.seedAreas}, {"skills", s.seedSkills},
		{"groups", s.seedGroups}, {"courses", s.seedCourses}, {"profiles", s.seedProfiles},
	} {
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("seed demo %s: %w", step.what, err)
		}
	}
	return nil
}

// as is the context of a persona's call, with the persona's present roles and
// memberships.
func (s *seeder) as(ctx context.Context, persona string) context.Context {
	p := s.people[persona]
	if found, err := s.People.Load(ctx, []string{p.ID}); err == nil && found[p.ID] != nil {
		p = found[p.ID]
	}
	return auth.WithViewer(ctx, p.Viewer())
}

func (s *seeder) seedPeople(ctx context.Context) error {
	for _, persona := range Personas {
		p, err := s.People.SignIn(ctx, auth.Claims{UID: persona.UID(), Name: persona.DisplayName}, i18n.Danish)
		if err != nil {
			return err
		}
		for _, role := range persona.Roles {
			if p, err = s.People.GrantRoleAsOperator(ctx, persona.UID(), role); err != nil {
				return err
			}
		}
		s.people[persona.Name] = p
	}
	return nil
}

func (s *seeder) seedAreas(ctx context.Context) error {
	staff := s.as(ctx, "staff-1")
	email := "demo@example.org"
	contacts := []area.ContactPerson{
		{Kind: area.ContactLocal, Name: "Demo-kontaktperson", Email: &email},
		{Kind: area.ContactMunicipal, Name: "Demo-kontakt i kommunen", Email: &email},
	}
	// The third area gets none, so that staff see what a missing contact person looks
	// like.
	for _, a := range s.areas[:2] {
		if _, err := s.Areas.SetContacts(staff, area.SetContactsInput{AreaID: a.ID, Contacts: contacts}); err != nil {
			return err
		}
	}
	_, err := s.Areas.Assign(staff, area.AssignInput{AreaID: s.areas[0].ID, PersonID: s.people["builder-1"].ID})
	return err
}

func (s *seeder) seedSkills(ctx context.Context) error {
	for _, names := range [][2]string{
		{"Frivilligledelse", "Volunteer leadership"}, {"Førstehjælp", "First aid"},
		{"Fundraising", "Fundraising"}, {"Mødeledelse", "Chairing meetings"},
	} {
		k, err := s.Skills.Ensure(ctx, i18n.Text{{Language: i18n.Danish, Text: names[0]}, {Language: i18n.English, Text: names[1]}})
		if err != nil {
			return err
		}
		s.skills = append(s.skills, k)
	}
	return nil
}

func (s *seeder) seedGroups(ctx context.Context) error {
	for _, in := range []group.CreateInput{
		{Name: "Demo: Beboerne på Havnevej", Kind: group.KindHousing, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen},
		{Name: "Demo: Forældre på Østre Skole", Kind: group.KindParents, Visibility: group.VisibilityMembers, JoinPolicy: group.JoinAsk},
		{Name: "Demo: Ældre & Yngre Roklub", Kind: group.KindAssociation, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen},
		{Name: "Demo: Aktivitetscentret Elmelunden", Kind: group.KindActivityCentre, Visibility: group.VisibilityPublic, JoinPolicy: group.JoinOpen},
	} {
		description := "Opdigtet gruppe til afprøvning."
		in.AreaID, in.Description = &s.areas[0].ID, &description
		g, err := s.Groups.Create(s.as(ctx, "leader-1"), in)
		if err != nil {
			return err
		}
		if err := s.seedEvent(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

// seedEvent posts an event while the leader is the only member, so that nobody
// is told of it.
func (s *seeder) seedEvent(ctx context.Context, g *group.Group) error {
	start := clock.LocalOf(s.now.Add(14*24*time.Hour), clock.Copenhagen)[:11] + "18:00:00"
	name, capacity := "Fælleshuset", 30
	leader := s.as(ctx, "leader-1")
	e, err := s.Events.Create(leader, event.CreateInput{GroupID: g.ID, Title: "Demo: Fællesspisning", StartsAt: start,
		EndsAt: start[:11] + "20:30:00", TimeZone: clock.Copenhagen, Place: &place.Input{Name: &name}, Capacity: &capacity})
	if err != nil {
		return err
	}
	_, err = s.Events.Publish(leader, event.PublishInput{EventID: e.ID})
	return err
}

func (s *seeder) seedCourses(ctx context.Context) error {
	staff := s.as(ctx, "staff-1")
	day := clock.LocalOf(s.now.Add(21*24*time.Hour), clock.Copenhagen)[:11]
	for i, title := range []string{"Demo: Led frivillige", "Demo: Førstehjælp for alle"} {
		capacity := 20
		c, err := s.Courses.Create(staff, course.CreateInput{
			Title:    i18n.Text{{Language: i18n.Danish, Text: title}},
			SkillIDs: []string{s.skills[i].ID}, Capacity: &capacity, TimeZone: clock.Copenhagen,
			Sessions: []course.SessionInput{{StartsAt: day + "17:00:00", EndsAt: day + "19:00:00"}},
		})
		if err != nil {
			return err
		}
		if _, err := s.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}); err != nil {
			return err
		}
	}
	return s.seedHeldCourse(ctx, day)
}

// seedHeldCourse makes a course that was held a week ago and waits to be completed. The first
// residents have seats on it.
func (s *seeder) seedHeldCourse(ctx context.Context, day clock.Local) error {
	staff := s.as(ctx, "staff-1")
	c, err := s.Courses.Create(staff, course.CreateInput{
		Title:    i18n.Text{{Language: i18n.Danish, Text: "Demo: Hold gode møder"}, {Language: i18n.English, Text: "Demo: Chair good meetings"}},
		SkillIDs: []string{s.skills[3].ID}, TimeZone: clock.Copenhagen,
		Sessions:   []course.SessionInput{{StartsAt: day + "17:00:00", EndsAt: day + "19:00:00"}},
		RulesInput: course.RulesInput{GivesCertificate: true},
	})
	if err != nil {
		return err
	}
	if _, err := s.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}); err != nil {
		return err
	}
	for _, resident := range []string{"resident-1", "resident-2", "resident-3"} {
		if _, err := s.Courses.Enrol(s.as(ctx, resident), course.EnrolInput{CourseID: c.ID}); err != nil {
			return err
		}
	}
	return s.Courses.Backdate(ctx, c.ID, 28)
}

// seedProfiles sets homes, and where to reach the fælles-skaber at work, and registers demo phones. It comes last, so
// that the earlier steps cause no pushes.
func (s *seeder) seedProfiles(ctx context.Context) error {
	var phones []*device.Device
	var settings []notify.Settings
	for _, persona := range Personas {
		profile := person.ProfileInput{HomeAreaID: optional.Of(s.areas[0].ID)}
		if slices.Contains(persona.Roles, auth.RoleCommunityBuilder) {
			profile.WorkEmail, profile.WorkPhone = optional.Of("demo@example.org"), optional.Of("00 00 00 00")
		}
		if _, err := s.People.CompleteProfile(s.as(ctx, persona.Name), profile); err != nil {
			return err
		}
		phones = append(phones, device.Demo(s.people[persona.Name].ID, persona.Phone(), s.now))
		settings = append(settings, AtAnyHour(s.people[persona.Name].ID))
	}
	if err := s.Settings.Put(ctx, settings); err != nil {
		return err
	}
	return s.Devices.PutAll(ctx, phones)
}

// AtAnyHour are settings without quiet hours and with room for many pushes a day, since people try
// demo data at any hour.
func AtAnyHour(personID string) notify.Settings {
	many := notify.MaxPushesADay
	return notify.Settings{PersonID: personID, QuietFrom: "00:00", QuietUntil: "00:00", Pushes: &many, Version: 1}
}
