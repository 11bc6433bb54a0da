package fcmsim

import (
	"fmt"
	"slices"
	"strconv"
)

// readData reads what the app reads in the data: its buttons, what it is to take off the screen, and the number on its
// icon. FCM passes on any data; what the app could do nothing with is refused here, where it is noticed.
func (m *message) readData() (wrong Answer, ok bool) {
	m.buttons = []Action{}
	if raw, given := m.Data["actions"]; given {
		if wrong, ok = inData("actions", raw, &m.buttons); !ok {
			return wrong, false
		}
	}
	for i, a := range m.buttons {
		if problem := a.problem(); problem != "" {
			return invalid("message.data", fmt.Sprintf("actions[%d]: %s", i, problem)), false
		}
	}
	if raw, given := m.Data["remove"]; given {
		if wrong, ok = inData("remove", raw, &m.removes); !ok {
			return wrong, false
		}
		if problem := m.removalProblem(); problem != "" {
			return invalid("message.data", "remove: "+problem), false
		}
	}
	if raw, given := m.Data["unread"]; given {
		if n, err := strconv.Atoi(raw); err != nil || n < 0 {
			return invalid("message.data", fmt.Sprintf("unread: %q is no number from 0.", raw)), false
		}
	}
	return Answer{}, true
}

// inData reads JSON in a value of the data.
func inData(key, raw string, v any) (wrong Answer, ok bool) {
	if wrong, ok = strict([]byte(raw), key, v); !ok {
		return invalid("message.data", key+": "+wrong.failure.Error.Message), false
	}
	return Answer{}, true
}

// problem is what keeps a tap from being carried out; empty if nothing does.
func (a Action) problem() string {
	switch {
	case a.Name == "" || a.Title == "":
		return "it has no name or no title."
	case a.Mutation == "":
		return "it names no mutation."
	case a.Input["clientMutationId"] == "":
		return "its input has no clientMutationId, so that two taps would count twice."
	}
	return ""
}

func (m *message) removalProblem() string {
	switch {
	case len(m.removes) == 0 || slices.Contains(m.removes, ""):
		return "it names nothing."
	case m.isShown():
		return "the app does not run for a message that the phone shows by itself."
	}
	return ""
}
