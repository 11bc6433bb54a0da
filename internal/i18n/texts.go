package i18n

import (
	"fmt"
	"strconv"
	"strings"
)

// unmarshalTexts reads a file of texts: the part of TOML they are written in,
// and nothing beyond it. A line is a comment, a text (key = "text"), or the
// head of a table (["key"]), under which the texts are its plural forms (one,
// other). A key that comes twice is refused, so that no text hides another.
func unmarshalTexts(data []byte, into any) error {
	out, ok := into.(*any)
	if !ok {
		return fmt.Errorf("cannot read texts into %T", into)
	}
	root := map[string]any{}
	table := root
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			table, err = openTable(root, line)
		default:
			err = readText(table, line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", i+1, err)
		}
	}
	*out = root
	return nil
}

func openTable(root map[string]any, line string) (map[string]any, error) {
	head, ok := strings.CutSuffix(line[1:], "]")
	if !ok {
		return nil, fmt.Errorf("%s is no head of a table", line)
	}
	key, err := strconv.Unquote(head)
	if err != nil {
		return nil, fmt.Errorf("%s is no quoted key: %w", head, err)
	}
	if _, twice := root[key]; twice {
		return nil, fmt.Errorf("%s comes twice", key)
	}
	table := map[string]any{}
	root[key] = table
	return table, nil
}

func readText(table map[string]any, line string) error {
	left, right, ok := strings.Cut(line, " = ")
	if !ok {
		return fmt.Errorf("%s is no text", line)
	}
	key := left
	if strings.HasPrefix(left, `"`) {
		var err error
		if key, err = strconv.Unquote(left); err != nil {
			return fmt.Errorf("%s is no quoted key: %w", left, err)
		}
	}
	if !strings.HasPrefix(right, `"`) {
		return fmt.Errorf("the text of %s is not in quotes", key)
	}
	text, err := strconv.Unquote(right)
	if err != nil {
		return fmt.Errorf("text of %s: %w", key, err)
	}
	if _, twice := table[key]; twice {
		return fmt.Errorf("%s comes twice", key)
	}
	table[key] = text
	return nil
}
