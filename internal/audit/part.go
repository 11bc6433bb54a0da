package audit

import "faellesskab/internal/part"

// Part is what the audit trail brings to the community.
func (l *Log) Part() part.Part { return part.Part{Indexes: indexes()} }
