package main

import (
	"log/slog"
	"strings"
	"time"

	"faellesskab/internal/community"
	"faellesskab/internal/mongodb"
	"faellesskab/internal/notify"
)

// notifyNoun has the rows of notices, their reasons and the settings.
func notifyNoun() noun {
	return noun{
		nudges: map[string]nudge{
			"NotificationSettings": {"notify_settings", vars{"pushes": 7}, "pushesADay", 7.0},
			"Notice":               {"notices", vars{"readAt": crashStart.Add(-48 * time.Hour), "snoozed": nil}, "readAt", "2030-01-13T10:00:00Z"},
		},
		nothingToShow: map[string]string{
			"markNoticesRead":     "it gives a number, which is counted anew",
			"markAllNoticesRead":  "it gives a number, which is counted anew",
			"inspectNoticeLedger": "what was seen, and is in the audit trail, is told again",
		},
		name: "notify", access: notifyAccess, crash: notifyCrash, secrets: []string{"notice"}, invariants: []invariant{crashState.checkNotices},
		world: func(w *accessWorld) { w.ids["notice"] = w.waitForNotice("resident-1", w.ids["event"]) },
		sentAgain: []accessCall{
			does("muteThread and look", `muteThread(input: {subjectId: $hiddenEvent}) { settings { mutedThreads { id } } }`),
		},
		keepsNoOutcome: map[string]string{
			"markNoticesRead":     "a repeat of it marks the same notices once more",
			"markAllNoticesRead":  "a repeat of it marks what came until the same instant, and leaves alone what was put off since",
			"noticeOpened":        "only the first time counts, and nothing takes it back",
			"inspectNoticeLedger": "it writes one entry of the audit trail, under an id made of the call, and reads",
		},
		neverNull: map[string]string{
			"Notice.title":                      "the reader's clock, which it looks up, is Copenhagen's if it cannot be read",
			"Notice.body":                       "the reader's clock, which it looks up, is Copenhagen's if it cannot be read",
			"Notice.items":                      "what is gone is left out",
			"NotificationSettings.mutedThreads": "what is gone or hidden is left out",
			"NotificationSettings.kinds":        "it reads nothing: the kinds that the program knows",
		},
		taps: []tapCase{{"", "MUTE_THREAD", "settings { version }", nil, ""}},
		notices: []noticeCase{{"SUMMARY", "member", func(r *crashRig) {
			g := r.group(nil, "member")
			r.arrange("member", "setGroupNotifications", vars{"groupId": g, "level": "SUMMARY"}, "membership { id }")
			r.publishedEvent(g, nil)
			r.later(0)
			r.later(8 * time.Hour)
		}}},
		stored: map[string]enums{
			"notices": {"kind": "NoticeKind", "channel": "NoticeChannel", "firstChannel": "NoticeChannel", "rule": "NoticeRule", "firstRule": "NoticeRule",
				"reasons.kind": reasonKinds, "reasons.audience": audienceKinds() + "?", "reasons.words.Line": "WAITS|WAITED|ASKS|ASKED", "data.Because": "EndedBecause", "data.Answer": "MembershipState", "data.Decision": "SENT|SCHEDULED|REJECTED|STOPPED|CORRECTED|NOT_CORRECTED|LAPSED", "data.Line": "WAITS|WAITED|ASKS|ASKED"},
			"notify_jobs": {"kind": "NoticeKind", "state": "QUEUED|DONE|STOPPED|DEAD", "audiences.kind": audienceKinds(), "audiences.why.kind": reasonKinds, "audiences.why.audience": audienceKinds() + "?", "audiences.why.words.Line": "WAITS|WAITED|ASKS|ASKED",
				"data.Because": "EndedBecause", "data.Answer": "MembershipState", "data.Decision": "SENT|SCHEDULED|REJECTED|STOPPED|CORRECTED|NOT_CORRECTED|LAPSED", "data.Line": "WAITS|WAITED|ASKS|ASKED", "stoppedBecause": "AnnouncementStopReason"},
			"notify_chunks": {"kind": "NoticeKind", "state": "QUEUED|DONE|STOPPED|DEAD", "through": "Platform"},
			"notify_settings": {"kinds.*": "NotificationChannel", "offsets": "ReminderOffset", "stopped.*.kind": reasonKinds, "stopped.*.audience": audienceKinds() + "?",
				"stopped.*.level": "GroupNotificationLevel?", "stopped.*.words.Line": "WAITS|WAITED|ASKS|ASKED"},
			"notice_ledger": {"kind": "NoticeKind", "channel": "NoticeChannel", "rule": "NoticeRule", "platform": "Platform", "purpose": "HandoverPurpose", "outcome": "HandoverOutcome"},
			"push_slots":    {}, "push_gates": {}, "push_recalls": {},
		},
		questions: map[string]string{
			"notify_jobs: state= leaseUntil< | rank createdAt _id":              "the next job",
			"notify_jobs: state= createdAt<":                                    "finished jobs, to be deleted",
			"notify_chunks: state= leaseUntil< notBefore< | rank createdAt _id": "the next chunk",
			"notify_chunks: state= createdAt<":                                  "finished chunks, to be deleted",
			"notify_chunks: job= state=":                                        "how far a job has come",
			"notices: opened=":                                                  "how many have opened it",
			"notices: acted=":                                                   "how many have answered it by a button",
			"notices: dismissed=":                                               "how many have swiped it away",
			"notices: personId= hidden= unread= | -createdAt -_id":              "somebody's inbox, the newest first, and how many somebody has not read",
			"notices: hidden= createdAt<":                                       "old notices, to be deleted",
			"notices: summaryIn= summaryFor> summaryAt<":                        "who gets a summary, and what it sums up",
			"notice_ledger: personId= subject= | at _id":                        "what became of it",
			"notice_ledger: personId= subject= at>":                             "what stands on somebody's phones",
			"notify_jobs: lookAt> | lookAt _id":                                 "news to look at that stands on phones",
			"push_recalls: dueAt< leaseUntil< | dueAt _id":                      "what is to be taken off phones",
			"notice_ledger: at<":                                                "old lines, to be deleted",
			"push_slots: personId= key=":                                        "whether a push is counted already",
			"push_slots: day<":                                                  "old days, to be deleted",
			"push_gates: until>":                                                "which platforms rest",
			"notify_jobs: names=":                                               "news that names somebody who is to be erased",
			"notify_jobs: after=":                                               "walks that have come to somebody who is to be erased",
			"notify_chunks: people=":                                            "pushes to somebody who is to be erased",
			"notices: about=":                                                   "what others were told about somebody who is to be erased",
		},
	}
}

var notifyAccess = []accessCall{
	asks("node of the member's notice", `node(id: $notice) { id }`, "").ofOneself(),
	does("updateNotificationSettings", `updateNotificationSettings(input: {pushesADay: 9}) { settings { pushesADay } }`),
	does("muteThread HIDDEN", `muteThread(input: {subjectId: $hiddenEvent}) { settings { mutedThreads { id } } }`),
	does("unmuteThread", `unmuteThread(input: {subjectId: $event}) { settings { mutedThreads { id } } }`),
	does("stopReason", `stopReason(input: {noticeId: $member, reasonKey: "ASKED/"}) { settings { version } }`),
	does("inspectNoticeLedger", `inspectNoticeLedger(input: {personId: $member, subjectId: $event, reason: "Access test."}) { entries { text } }`),
	does("resumeReason", `resumeReason(input: {reasonKey: "ASKED/"}) { settings { version } }`),
	does("noticeOpened of the member", `noticeOpened(input: {noticeId: $notice}) { notice { id } }`).ofOneself(),
	does("snoozeNotice of the member", `snoozeNotice(input: {noticeId: $notice}) { notice { id } }`).ofOneself(),
	does("markAllNoticesRead", `markAllNoticesRead(input: {before: "2030-01-01T00:00:00Z"}) { unreadNoticeCount }`),
	does("markNoticesRead of the member", `markNoticesRead(input: {noticeIds: [$notice]}) { unreadNoticeCount }`),
}

var notifyCrash = []crashCase{
	{"updateNotificationSettings", func(*crashRig) crashCall {
		return crashCall{"resident", "updateNotificationSettings", vars{"pushEnabled": false, "expectedVersion": 0}, "settings { pushEnabled version }"}
	}},
	{"updateNotificationSettings again", func(r *crashRig) crashCall {
		r.arrange("resident", "updateNotificationSettings", vars{"pushesADay": 1}, "settings { version }")
		return crashCall{"resident", "updateNotificationSettings", vars{"pushesADay": 2, "expectedVersion": 1}, "settings { pushesADay version }"}
	}},
	{"muteThread", func(r *crashRig) crashCall {
		return crashCall{"resident", "muteThread", vars{"subjectId": r.publishedEvent(r.group(nil), nil)}, "settings { mutedThreads { id } }"}
	}},
	{"unmuteThread", func(r *crashRig) crashCall {
		in := vars{"subjectId": r.publishedEvent(r.group(nil), nil)}
		r.arrange("resident", "muteThread", in, "settings { version }")
		return crashCall{"resident", "unmuteThread", in, "settings { mutedThreads { id } version }"}
	}},
	{"stopReason", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		e := r.publishedEvent(g, nil)
		r.restart(r.process(r.db))
		return crashCall{"member", "stopReason", vars{"noticeId": crashPerson("member") + ":" + e + ":published:2", "reasonKey": "GROUP_MEMBER/" + g}, "settings { version }"}
	}},
	{"resumeReason of a group", func(r *crashRig) crashCall {
		in := r.told()
		r.arrange("member", "stopReason", in, "settings { version }")
		return crashCall{"member", "resumeReason", vars{"reasonKey": in["reasonKey"]}, "settings { stoppedReasons { key } }"}
	}},
	{"snoozeNotice", func(r *crashRig) crashCall {
		return crashCall{"member", "snoozeNotice", vars{"noticeId": r.told()["noticeId"], "until": crashStart.Add(3 * time.Hour)}, "notice { id snoozedUntil }"}
	}},
	{"snoozeNotice again, to come back at once", func(r *crashRig) crashCall {
		in := vars{"noticeId": r.told()["noticeId"], "until": crashStart.Add(time.Hour)}
		r.arrange("member", "snoozeNotice", in, "notice { id }")
		return crashCall{"member", "snoozeNotice", vars{"noticeId": in["noticeId"]}, "notice { id snoozedUntil }"}
	}},
	{"markAllNoticesRead", func(r *crashRig) crashCall {
		r.told()
		return crashCall{"member", "markAllNoticesRead", vars{"before": crashStart.Add(time.Hour)}, "unreadNoticeCount"}
	}},
	{"resumeReason", func(*crashRig) crashCall {
		return crashCall{"resident", "resumeReason", vars{"reasonKey": "HOME_AREA/nowhere"}, "settings { stoppedReasons { key } version }"}
	}},
	{"markNoticesRead", func(r *crashRig) crashCall {
		g := r.group(nil, "member")
		first, second := r.publishedEvent(g, nil), r.publishedEvent(g, nil)
		r.restart(r.process(r.db))
		notice := func(eventID string) string { return crashPerson("member") + ":" + eventID + ":published:2" }
		return crashCall{"member", "markNoticesRead", vars{"noticeIds": []string{notice(first), notice(second)}}, "unreadNoticeCount"}
	}},
	{"inspectNoticeLedger", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil, "member"), nil)
		r.restart(r.process(r.db))
		in := vars{"personId": crashPerson("member"), "subjectId": e, "reason": "De ringede og spurgte."}
		return crashCall{"staff", "inspectNoticeLedger", in, "entries { channel rule outcome }"}
	}},
	{"noticeOpened", func(r *crashRig) crashCall {
		e := r.publishedEvent(r.group(nil, "member"), nil)
		r.restart(r.process(r.db))
		return crashCall{"member", "noticeOpened", vars{"noticeId": crashPerson("member") + ":" + e + ":published:2"}, "notice { id title }"}
	}},
}

// told are a notice that the member has got, and the reason for it.
func (r *crashRig) told() vars {
	g := r.group(nil, "member")
	e := r.publishedEvent(g, nil)
	r.restart(r.process(r.db))
	return vars{"noticeId": crashPerson("member") + ":" + e + ":published:2", "reasonKey": "GROUP_MEMBER/" + g}
}

// reasonKinds are stored as values, and shown as types.
const reasonKinds = "GROUP_MEMBER|GROUP_LEADER|BOOKING|HAD_BOOKING|SKILL_WANTED|HOME_AREA|INVITED|ASKED|SUMMARY|RESIDENT|TOOK_PART|DECIDER|AUTHOR|INVITER|TOOK_OVER|STAFF|TEACHER|WISHED"

// audienceKinds are the audiences that the nouns bring, and those of the delivery itself.
func audienceKinds() string {
	kinds := []string{string(notify.AudienceSummary)}
	for kind := range community.New(community.Options{DB: &mongodb.DB{}, Log: slog.New(slog.DiscardHandler)}).News.Audiences {
		kinds = append(kinds, string(kind))
	}
	return strings.Join(kinds, "|")
}

// isForgotten reports whether a job was about somebody who was erased, or for them alone.
func isForgotten(job map[string]any) bool {
	return job["state"] == "STOPPED" && (job["args"] == nil || job["args"] == "")
}

// checkNotices checks that every job is done, and that a person has one notice of a cause.
func (s crashState) checkNotices(say complaint) {
	jobs := s.byID("notify_jobs")
	announcements := s.byID("announcements")
	for _, name := range []string{"notify_jobs", "notify_chunks"} {
		for _, doc := range s[name] {
			about := announcements[strings.Split(doc["_id"].(string), ":")[0]]
			isStopped := doc["state"] == "STOPPED" && about != nil && about["state"] == "STOPPED"
			if doc["state"] != "DONE" && !isStopped && !isForgotten(doc) {
				say("%s %v is %v", name, doc["_id"], doc["state"])
			}
		}
	}
	for _, n := range s["notices"] {
		key := strings.TrimPrefix(n["_id"].(string), n["personId"].(string)+":")
		if jobs[key] == nil {
			say("notice %v has no cause", n["_id"])
		}
	}
}
