package gqlhttp

import (
	"context"
	"log/slog"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// logEntry is the log line of one operation. It never has the variables or the document, since
// both hold what people wrote.
type logEntry struct {
	name   string
	kind   ast.Operation
	errors gqlerror.List
	start  time.Time // when the request came
}

// maxLoggedName keeps a caller from filling the log with a name.
const maxLoggedName = 64

func (h *handler) log(ctx context.Context, e *logEntry, took time.Duration) {
	code := "OK"
	if len(e.errors) > 0 {
		code = codeOf(e.errors[0])
	}
	h.options.Logger.LogAttrs(ctx, slog.LevelInfo, "operation",
		slog.String("operation", e.name[:min(len(e.name), maxLoggedName)]),
		slog.String("type", string(e.kind)),
		slog.Duration("duration", took),
		slog.String("code", code),
		slog.Int("errors", len(e.errors)),
		slog.String("request_id", RequestIDFrom(ctx)),
		slog.String("viewer", h.options.Viewer(ctx)),
	)
}
