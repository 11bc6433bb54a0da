package delivery

import (
	"time"

	housekeeping "faellesskab/internal/job"
	"faellesskab/internal/part"
)

// Part is what the delivery of news brings to the community.
func (n *Notifier) Part() part.Part {
	return part.Part{
		Indexes: indexes(),
		Jobs:    []housekeeping.Job{{Name: "finished notifications", Every: time.Hour, Run: n.Purge}},
		Letters: n.Letters(),
		Kinds:   kinds(),

		Collections: n.collections(),
	}
}
