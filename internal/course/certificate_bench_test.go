package course_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/course"
	"faellesskab/internal/i18n"
	"faellesskab/internal/page"
)

// BenchmarkCompletingACourse measures how long it takes until everybody has their skill, their certificate and the cause of
// their notice: 50 people, or as many as CERTIFICATES says.
func BenchmarkCompletingACourse(b *testing.B) {
	many := 50
	if n, err := strconv.Atoi(os.Getenv("CERTIFICATES")); err == nil {
		many = n
	}
	for b.Loop() {
		b.StopTimer()
		w := ct.New(b)
		staff := w.Grant("staff", auth.RoleStaff)
		skill := ct.Must(w.Skills.Ensure(b.Context(), i18n.Text{{Language: i18n.Danish, Text: "Førstehjælp"}}))(b)
		in := course.CreateInput{Title: danish("Hjertestart"), SkillIDs: []string{skill.ID}, TimeZone: "Europe/Copenhagen",
			Sessions: []course.SessionInput{at(nil, "2026-05-03T14:00:00")}, RulesInput: course.RulesInput{GivesCertificate: true}}
		c := ct.Must(w.Courses.Create(staff, in))(b)
		ct.Must(w.Courses.Publish(staff, course.PublishInput{CourseID: c.ID}))(b)
		record := course.RecordInput{SessionID: c.Sessions[0].ID}
		for i := range many {
			name := "person" + strconv.Itoa(i)
			ct.Must(w.Courses.Enrol(w.As(name), course.EnrolInput{CourseID: c.ID}))(b)
			record.PersonIDs = append(record.PersonIDs, ct.PersonID(name))
		}
		w.Clock.Advance(72 * time.Hour)
		ct.Must(w.Courses.Record(staff, record))(b)
		b.StartTimer()
		ct.Must(w.Courses.Complete(staff, course.CompleteInput{CourseID: c.ID}))(b)
		w.RunPending()
		b.StopTimer()
		if n := w.Count("certificates"); n != many {
			b.Fatalf("%d certificates, want %d", n, many)
		}
		if first := ct.Must(w.Certificates.OfCourse(staff, c.ID, page.Args{First: 1}))(b); len(first.Edges) != 1 {
			b.Fatal("staff see none")
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(many)*float64(b.N)/b.Elapsed().Seconds(), "certificates/s")
}
