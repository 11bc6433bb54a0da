package fault

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Panic is a panic that was caught. It fails the piece of work in which it happened and nothing
// else.
type Panic struct {
	Value any
	Stack string
}

// Error is the text for the log, without the stack.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Catch calls fn, and returns a panic in it as an error.
func Catch(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Value: v, Stack: string(debug.Stack())}
		}
	}()
	return fn()
}

// StackOf is the stack of an error that was a panic; empty otherwise.
func StackOf(err error) string {
	var p *Panic
	if errors.As(err, &p) {
		return p.Stack
	}
	return ""
}
