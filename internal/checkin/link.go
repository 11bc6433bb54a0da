package checkin

import (
	"context"
	"encoding/base32"
	"strconv"
	"strings"
	"time"

	"faellesskab/internal/auth"
	"faellesskab/internal/fault"
	"faellesskab/internal/id"
)

const (
	// linkPurpose is what the signatures of addresses of lists are made for.
	linkPurpose = "attendance list"
	// linkLasts is how long the address of a list can be opened.
	linkLasts = 10 * time.Minute
	// ListFolder is behind the address of a date.
	ListFolder = "attendances"
	// ListFile is the list for spreadsheets.
	ListFile = ListFolder + ".csv"
	// CourseListFolder is behind the address of a course.
	CourseListFolder = "enrolments"
	// CourseListFile is the list of a course for spreadsheets.
	CourseListFile = CourseListFolder + ".csv"
)

var linkLetters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// AttendanceList has the addresses of a list, for a browser that cannot say who is signed in.
type AttendanceList struct {
	PageURL, CSVURL string
	ExpiresAt       time.Time
}

// Links makes the addresses of the list of a date or course for the viewer. Whoever opens one is judged as the viewer is then.
func (s *Service) Links(ctx context.Context, bookableID string) *AttendanceList {
	until := s.now().Add(linkLasts).Truncate(time.Second)
	folder := "/occurrences/" + bookableID + "/" + ListFolder
	if id.Prefix(bookableID) == id.Course {
		folder = "/courses/" + bookableID + "/" + CourseListFolder
	}
	link := "?link=" + s.link(bookableID, auth.FromContext(ctx).PersonID, until)
	return &AttendanceList{PageURL: s.PublicURL + folder + link, CSVURL: s.PublicURL + folder + ".csv" + link, ExpiresAt: until}
}

func (s *Service) link(bookableID, personID string, until time.Time) string {
	end := strconv.FormatInt(until.Unix(), base)
	_, person, _ := strings.Cut(personID, "_")
	return end + "." + person + "." + linkLetters.EncodeToString(s.Secrets.Code(linkPurpose, bookableID, personID, end)[:signed])
}

// Opened is the request of somebody who has the address of a list. Returns NotFound for an address that the
// program has not made or that is old, and Forbidden if the person may no longer sign in.
func (s *Service) Opened(ctx context.Context, bookableID, link string) (context.Context, error) {
	gone := fault.NotFound("page.not_found")
	parts := strings.Split(link, ".")
	if len(parts) != 3 {
		return ctx, gone
	}
	end, personID := parts[0], id.Person+"_"+parts[1]
	signature, err := linkLetters.DecodeString(parts[2])
	if err != nil || len(signature) != signed || !s.Secrets.IsCode(signature, linkPurpose, bookableID, personID, end) {
		return ctx, gone
	}
	until, err := strconv.ParseInt(end, base, 64)
	if err != nil || !time.Unix(until, 0).After(s.now()) {
		return ctx, gone
	}
	v, err := s.People.Viewer(ctx, personID)
	if err != nil {
		return ctx, err
	}
	return auth.WithViewer(ctx, v), nil
}
