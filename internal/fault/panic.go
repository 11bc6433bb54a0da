package fault

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Panic is a panic that was caught: it ends the item it came up in and nothing
// else.
type Panic struct {
	Value any
	Stack string
}

// Error is the text for the log; the stack is apart.
func (p *Panic) Error() string { return fmt.Sprintf("panic: %v", p.Value) }

// Catch calls fn; a panic in it is an error like any other.
func Catch(fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{Value: v, Stack: string(debug.Stack())}
		}
	}()
	return fn()
}

// StackOf is where an error came up if it was a panic; empty otherwise.
func StackOf(err error) string {
	var p *Panic
	if errors.As(err, &p) {
		return p.Stack
	}
	return ""
}
