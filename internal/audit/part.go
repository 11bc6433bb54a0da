package audit

import (
	"time"

	"faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what the audit trail brings to the community.
func (l *Log) Part() part.Part {
	return part.Part{Indexes: indexes(), Jobs: []job.Job{{Name: "old audit entries", Every: 24 * time.Hour, Run: l.Purge}},
		Collections: l.collections()}
}
