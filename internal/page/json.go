package page

import "encoding/json"

// appendJSON appends a text to dst as encoding/json writes it, without allocations if nothing in it needs an
// escape.
func appendJSON(dst []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			raw, _ := json.Marshal(s) //nolint:errchkjson // a string always marshals
			return append(dst, raw...)
		}
	}
	return append(append(append(dst, '"'), s...), '"')
}
