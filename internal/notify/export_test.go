package notify

import "context"

// Expand takes up one job, so that a test can act before its pushes go out.
func (n *Notifier) Expand(ctx context.Context) (bool, error) { return n.expandNext(ctx) }
