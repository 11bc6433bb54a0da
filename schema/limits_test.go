package schema_test

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// said is a number in descriptions that a constant of the program decides. words are what stands around
// the number (#), and per is the unit of a duration.
type said struct {
	words    string
	constant string // "group.MaxGroups"
	per      time.Duration
	at       []string
}

// numbers are the numbers that descriptions say, apart from the limits of values in inputs, which
// TestInputsHaveTheLimitsTheySay in server tries out.
var numbers = []said{
	{"more than # people", "announcement.DefaultApprovalOver", 0, []string{"AnnouncementState.PENDING_APPROVAL", "Mutation.announceToGroup", "Mutation.broadcast",
		"AnnounceToGroupPayload", "AnnounceToGroupPayload.announcement", "BroadcastPayload", "BroadcastPayload.announcement",
		"Mutation.messageAttendees", "Mutation.publishAnnouncement", "MessageAttendeesPayload", "MessageAttendeesPayload.announcement"}},
	{"# times a day in this group", "announcement.groupADay", 0, []string{"Mutation.announceToGroup"}},
	{"# times a day to these people", "announcement.messagesADay", 0, []string{"Mutation.messageAttendees"}},
	{"# times a day", "announcement.broadcastsDay", 0, []string{"Mutation.broadcast"}},
	{"or # times in all", "announcement.authorADay", 0, []string{"Mutation.announceToGroup", "Mutation.broadcast", "Mutation.messageAttendees"}},
	{"has made # drafts", "announcement.draftsADay", 0, []string{"Mutation.announceToGroup", "Mutation.broadcast", "Mutation.messageAttendees"}},
	{"or # urgent announcements", "announcement.urgentADay", 0, []string{"Mutation.broadcast"}},
	{"was corrected # times", "announcement.maxCorrections", 0, []string{"Mutation.correctAnnouncement"}},
	{"fewer than # times", "announcement.maxCorrections", 0, []string{"AnnouncementAction.CORRECT"}},
	{"shows the first #.", "announcement.pushLength", 0, []string{"AnnounceToGroupInput.text", "BroadcastInput.text", "MessageAttendeesInput.text",
		"UpdateAnnouncementInput.text", "CorrectAnnouncementInput.text"}},
	{"at most # days", "announcement.latest", 24 * time.Hour, []string{"Announcement.publishAt"}},
	{"for # minutes", "announcement.askFor", time.Minute, []string{"NoticeKind.URGENT_BROADCAST_WAITS"}},
	{"up to #.", "announcement.mostApprovers", 0, []string{"AnnouncementPreview.approvers"}},
	{"kept for # years", "announcement.keepFor", 365 * 24 * time.Hour, []string{"Announcement"}},
	{"or # community builders", "area.maxBuilders", 0, []string{"Mutation.assignCommunityBuilder"}},
	{"at most #", "area.maxBuilders", 0, []string{"Area.communityBuilders"}},
	{"at most #,", "person.maxFound", 0, []string{"SearchPersonsPayload.persons"}},
	{"comes # minutes after", "schedule.Hold", time.Minute, []string{"Mutation.updateEvent", "Mutation.updateCourse"}},
	{"from # hours before the start of its first session", "course.earliest", time.Hour, []string{"CourseAction.RECORD_ATTENDANCE"}},
	{"from # hours before its own start", "course.earliest", time.Hour, []string{"CourseAction.RECORD_ATTENDANCE"}},
	{"from # hours before it starts", "course.earliest", time.Hour, []string{"Mutation.recordCourseAttendance"}},
	{"in more than # hours", "course.earliest", time.Hour, []string{"Mutation.recordCourseAttendance"}},
	{"reads at most # of these fields", "gqlhttp.DefaultLimits.RootFields", 0, []string{"Query"}},
	{"0–#", "booking.MaxGuests", 0, []string{"Booking.guests", "Attendance.guests"}},
	{"means #", "booking.MaxGuests", 0, []string{"SignUp.maxGuests"}},
	{"at least # and", "booking.minOptions", 0, []string{"SignUpQuestion.options", "SignUpQuestionInput.options"}},
	{"at most # years", "booking.farthestYears", 0, []string{"SignUpInput.opensAt", "SignUp.opensAt"}},
	{"# days after the end", "booking.keepNames", 24 * time.Hour, []string{"NamedGuest", "Booking.namedGuests", "Attendance.namedGuests", "Enrolment.namedGuests", "Attendance.guestName", "Booking.guestName", "Enrolment.guestName", "Attendance.contact", "Booking.contact", "Enrolment.contact", "Mutation.signUpByHand"}},
	{"at most # characters", "booking.maxContact", 0, []string{"Attendance.contact", "Booking.contact", "Enrolment.contact"}},
	{"less than # hours away", "booking.offerAhead", time.Hour, []string{"WaitlistJoined", "NoticeKind.SEAT_GRANTED", "Mutation.cancelAttendance", "Mutation.cancelEnrolment"}},
	{"is # minutes from now", "checkin.linkLasts", time.Minute, []string{"AttendanceList.expiresAt"}},
	{"from # hours before the start", "booking.doorOpens", time.Hour, []string{"Mutation.checkIn"}},
	{"from # hours before its start", "booking.doorOpens", time.Hour, []string{"OccurrenceAction.CHECK_IN"}},
	{"more than # hours ago", "checkin.late", time.Hour, []string{"Mutation.checkIn"}},
	{"at most #", "course.maxIDs", 0, []string{"Course.skills", "Course.areas", "Course.prerequisiteSkills", "BookingRefused.missingSkills", "CourseAudience.areas"}},
	{"a share of #", "course.usualShare", 0, []string{"CreateCourseInput.completion", "UpdateCourseInput.completion"}},
	{"1–#.", "course.maxShare", 0, []string{"CourseCompletion.share", "CourseCompletionInput.share"}},
	{"1–#.", "course.maxSessions", 0, []string{"CourseCompletionInput.sessionIds"}},
	{"1–#", "course.maxMinimum", 0, []string{"Course.minimum", "CreateCourseInput.minimum", "UpdateCourseInput.minimum"}},
	{"at most #", "course.maxTeachers", 0, []string{"Course.teachers", "CourseSession.teachers"}},
	{"until # days after the end of its", "course.teachAfter", 24 * time.Hour, []string{"CourseAction.TEACH"}},
	{"from # hours before the start of their session", "course.standInAround", time.Hour, []string{"CourseAction.TEACH"}},
	{"until # hours after its end", "course.standInAround", time.Hour, []string{"CourseAction.TEACH"}},
	{"at most # for each skill", "course.maxMatches", 0, []string{"NoticeKind.COURSE_MATCHED"}},
	{"at most # hours", "course.maxSession", time.Hour, []string{"CourseSessionInput.endsAt"}},
	{"at most # days", "event.maxLength", 24 * time.Hour, []string{"CreateEventInput.endsAt", "UpdateEventInput.endsAt", "OthersThatEveningInput.endsAt"}},
	{"for # days is removed", "device.keepUnseen", 24 * time.Hour, []string{"Device.lastSeenAt"}},
	{"at most # devices", "device.maxDevices", 0, []string{"Mutation.registerDevice"}},
	{"registered # new", "device.maxNewADay", 0, []string{"Mutation.registerDevice"}},
	{"# groups", "group.MaxGroups", 0, []string{"GroupAction.JOIN", "Mutation.createGroup", "Mutation.joinGroup", "Mutation.approveJoinRequest", "Mutation.inviteToGroup"}},
	{"waits # days", "group.contactLife", 24 * time.Hour, []string{"Mutation.inviteByContact"}},
	{"invited # addresses", "group.maxContactsADay", 0, []string{"Mutation.inviteByContact"}},
	{"after # days", "group.UndoDays", 0, []string{"Mutation.deleteGroup", "DeleteGroupInput"}},
	{"# days after deleteGroup", "group.UndoDays", 0, []string{"Group.deletesAt"}},
	{"fewer than # people", "meeting.fewestAnswers", 0, []string{"Occurrence.feedback", "CourseSession.feedback"}},
	{"at least # of them", "meeting.fewestAnswers", 0, []string{"Feedback"}},
	{"at least # more", "meeting.fewestAnswers", 0, []string{"Feedback"}},
	{"to # (very good)", "meeting.bestRating", 0, []string{"Feedback.average", "GiveFeedbackInput.rating"}},
	{"less than # days", "meeting.feedbackFor", 24 * time.Hour, []string{"Occurrence.viewerMayGiveFeedback", "CourseSession.viewerMayGiveFeedback"}},
	{"for # days after the end", "meeting.feedbackFor", 24 * time.Hour, []string{"Mutation.giveFeedback"}},
	{"more than # days ago", "meeting.feedbackFor", 24 * time.Hour, []string{"Mutation.giveFeedback"}},
	{"has # co-organisers", "event.maxCoOrganisers", 0, []string{"Mutation.addCoOrganiser"}},
	{"fewer than # other groups", "event.maxCoHosts", 0, []string{"EventAction.INVITE_CO_HOST"}},
	{"has # other groups", "event.maxCoHosts", 0, []string{"Mutation.inviteCoHost"}},
	{"up to # occurrences", "event.maxDatesAtOnce", 0, []string{"Mutation.attendDates"}},
	{"less than # months away", "event.monthsMade", 0, []string{"CreateEventInput.recurrence"}},
	{"1–# occurrences", "schedule.MaxDates", 0, []string{"RecurrenceInput"}},
	{"at most # months after", "schedule.maxMonths", 0, []string{"RecurrenceInput"}},
	{"notice # days before", "group.remindAhead", 24 * time.Hour, []string{"HeldGroupRole.expiresAt"}},
	{"has # invitations", "group.MaxInvitations", 0, []string{"Mutation.inviteToGroup"}},
	{"or has # of them from the viewer", "group.MaxInvitationsBy", 0, []string{"Mutation.inviteToGroup"}},
	{"have # requests", "group.MaxRequests", 0, []string{"Mutation.joinGroup"}},
	{"fewer than # of their requests", "group.MaxRequests", 0, []string{"GroupAction.REQUEST_TO_JOIN"}},
	{"fewer than # times", "group.maxTimesADay", 0, []string{"GroupAction.REQUEST_TO_JOIN"}},
	{"this group # times", "group.maxTimesADay", 0, []string{"Mutation.joinGroup", "Mutation.inviteToGroup"}},
	{"or # times by the viewer", "group.maxInvitedADay", 0, []string{"Mutation.inviteToGroup"}},
	{"has # roles of its own", "group.MaxOwnRoles", 0, []string{"Mutation.saveGroupRole"}},
	{"has # roles besides", "group.MaxHeld", 0, []string{"Mutation.grantGroupRole"}},
	{"or # people lead", "group.maxLeaders", 0, []string{"Mutation.grantGroupRole"}},
	{"at most # days ahead", "group.maxLinkDays", 0, []string{"CreateInvitationLinkInput.expiresAt"}},
	{"null: # days from now", "group.linkLife", 24 * time.Hour, []string{"CreateInvitationLinkInput.expiresAt"}},
	{"at most #", "inbox.maxListed", 0, []string{"Notice.items"}},
	{"at most # days ahead", "inbox.maxSnooze", 24 * time.Hour, []string{"SnoozeNoticeInput.until"}},
	{"last # hours together", "notify.maxQuiet", time.Hour, []string{"UpdateNotificationSettingsInput.quietHoursByWeekday"}},
	{"muted # ", "notify.maxMutedThreads", 0, []string{"Mutation.muteThread", "Mutation.stopReason"}},
	{"stopped # reasons", "notify.maxStopped", 0, []string{"Mutation.stopReason"}},
	{"up to #", "inbox.maxUnread", 0, []string{"MarkNoticesReadPayload", "MarkNoticesReadPayload.unreadNoticeCount", "MarkAllNoticesReadPayload",
		"MarkAllNoticesReadPayload.unreadNoticeCount", "Viewer.unreadNoticeCount",
		"Subscription.unreadNoticeCount", "NoticeArrival.unreadNoticeCount"}},
	{"then # means", "inbox.maxUnread", 0, []string{"MarkNoticesReadPayload", "MarkNoticesReadPayload.unreadNoticeCount", "MarkAllNoticesReadPayload",
		"MarkAllNoticesReadPayload.unreadNoticeCount", "Viewer.unreadNoticeCount", "NoticeArrival.unreadNoticeCount"}},
	{"within # hours", "notify.passesQuietWithin", time.Hour, []string{"NotificationSettings.quietHours"}},
	{"default is #", "notify.defaultPushes", 0, []string{"NotificationSettings.pushesADay"}},
	{"Null: #.", "notify.defaultPushes", 0, []string{"UpdateNotificationSettingsInput.pushesADay"}},
	{"the last # days", "inbox.keepLedger", 24 * time.Hour, []string{"Viewer.noticeLedger", "InspectNoticeLedgerPayload", "InspectNoticeLedgerPayload.entries"}},
	{"# days", "inbox.maxAway", 24 * time.Hour, []string{"Subscription.noticeReceived", "Subscription.noticeReceived(after:)"}},
	{"are # admins", "person.maxAdmins", 0, []string{"Mutation.grantRole"}},
	{"1–#.", "page.MaxFirst", 0, []string{"first"}},
	{"the # courses of the viewer that start last", "course.maxOwn", 0, []string{"Viewer.upcoming", "Viewer.past", "Viewer.calendar"}},
	{"at most # entries", "calendar.maxEvents", 0, []string{"Query.calendarFeed"}},
	{"the last # months", "calendar.shownBack", 0, []string{"Query.calendarFeed"}},
	{"has # open wishes", "wish.maxOpen", 0, []string{"Mutation.wishForCourse"}},
	{"or # with those that have ended", "wish.maxKept", 0, []string{"Mutation.wishForCourse"}},
	{"after # days", "wish.keepsEnded", 24 * time.Hour, []string{"WishState.WITHDRAWN", "WishState.FULFILLED"}},
	{"after # days", "wish.keepsAnswered", 24 * time.Hour, []string{"WishState.ANSWERED"}},
	{"at most # rows", "wish.maxRows", 0, []string{"Query.wishes"}},
	{"at least # people", "wish.fewest", 0, []string{"Query.wishes"}},
	{", # or more for others", "wish.fewest", 0, []string{"WishCount.count"}},
	{"at most # characters", "wish.maxReply", 0, []string{"Wish.reply"}},
	{"more than # characters", "certificate.mostGiven", 0, []string{"Query.verifyCertificate"}},
	{"at most # characters", "certificate.mostGiven", 0, []string{"Query.verifyCertificate(code:)"}},
	{"address, # characters", "certificate.codeLength", 0, []string{"Certificate.verificationCode"}},
	{"at most #", "course.maxIDs", 0, []string{"Certificate.skills"}},
	{"their # newest enrolments", "page.MaxFirst", 0, []string{"Learning.done", "Learning.running"}},
	{"For # hours a repeat", "idempotency.Retention", time.Hour, []string{"Mutation"}},
}

// clocks are times of day in descriptions, and the constants that hold them.
var clocks = map[string][]string{
	"NotificationSettings.quietHours":             {"notify.defaultQuiet", "notify.defaultQuietEnd"},
	"NotificationSettings.summaryTime":            {"notify.defaultSummary"},
	"UpdateNotificationSettingsInput.summaryTime": {"notify.defaultSummary"},
	"Query.othersThatEvening":                     {"event.evening"},
}

// freeOfLimits are numbers that no constant decides: names of standards, and bounds that scalars check
// by a pattern, which package clock tests.
var freeOfLimits = regexp.MustCompile(`RFC (3339|5545)|WGS 84|years (are )?1900–2999|[Hh]our 24|reminder (7 days|2 hours|30 minutes) before|second 60|23:59|at 18:00|for less than (28|2) days|are not 3 years old|of ([0-9]+–)?[0-9]+ years( or more)?\.`)

// inputForms are the forms in which inputs say their limits.
var inputForms = regexp.MustCompile(strings.ReplaceAll(`#–# (characters|sessions|digits|letters)|at most #( texts| characters| of them)?|−# to #|0–#`,
	"#", `[0-9]+(?:,[0-9]{3})*`))

var number = regexp.MustCompile(`[0-9]+(:[0-9]+|,[0-9]{3})*`)

// Every number in a description is that of the program.
func TestNumbersInDescriptionsAreTrue(t *testing.T) {
	t.Parallel()
	s := load(t)
	all := everyDescription(s)
	for _, n := range numbers {
		for _, at := range n.at {
			checkSaid(t, all, at, n)
		}
	}
	for at, names := range clocks {
		for _, name := range names {
			if want := constants(t)[name].text; !strings.Contains(all[at], want) {
				t.Errorf("%s does not say %s, which is %s", at, want, name)
			}
			all[at] = strings.Replace(all[at], constants(t)[name].text, "", 1)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(all)) {
		left := freeOfLimits.ReplaceAllString(all[at], "")
		if strings.Contains(at, "Input.") || strings.HasSuffix(at, "(ids:)") || strings.HasSuffix(at, "Ids:)") || strings.Contains(at, "Filter.") {
			left = inputForms.ReplaceAllString(left, "")
		}
		left = inputForms.ReplaceAllStringFunc(left, func(limit string) string {
			if isLimitOfAnInput(s, at, limit) {
				return ""
			}
			return limit
		})
		for _, found := range number.FindAllString(left, -1) {
			if found != "0" && found != "1" {
				t.Errorf("%s says %s: compare it with a constant here", at, found)
			}
		}
	}
}

// checkSaid checks that a description says a number in those words, and takes them away.
func checkSaid(t *testing.T, all map[string]string, at string, n said) {
	t.Helper()
	c, ok := constants(t)[n.constant]
	if !ok {
		t.Errorf("there is no constant %s", n.constant)
		return
	}
	value := c.number
	if n.per > 0 {
		value /= int64(n.per)
	}
	words := strings.ReplaceAll(n.words, "#", grouped(value))
	ats := []string{at}
	if at == "first" {
		ats = slices.DeleteFunc(slices.Collect(maps.Keys(all)), func(at string) bool { return !strings.HasSuffix(at, "(first:)") })
	}
	for _, at := range ats {
		if !strings.Contains(all[at], words) {
			t.Errorf("%s does not say %q, as %s would have it: %q", at, words, n.constant, all[at])
		}
		all[at] = strings.Replace(all[at], words, "", 1)
	}
}

// grouped is a number as descriptions write it: 100,000.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// everyDescription are the descriptions of everything on one line, without names and texts that they cite.
func everyDescription(s *ast.Schema) map[string]string {
	all := map[string]string{}
	add := func(at, text string) {
		all[at] = quoted.ReplaceAllString(strings.Join(strings.Fields(strings.ReplaceAll(text, "push notification", "PN")), " "), "")
		all[at] = strings.ReplaceAll(all[at], "PN", "push notification")
	}
	for _, d := range s.Types {
		if d.BuiltIn {
			continue
		}
		add(d.Name, d.Description)
		for _, v := range d.EnumValues {
			add(d.Name+"."+v.Name, v.Description)
		}
		for _, f := range d.Fields {
			add(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				add(d.Name+"."+f.Name+"("+a.Name+":)", a.Description)
			}
		}
	}
	return all
}
