package gqlexec

import (
	"bytes"
	"io"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// leaf is a value without fields, until it is written.
type leaf struct {
	kind leafKind
	n    int64
	text string
	at   time.Time
}

type leafKind uint8

const (
	leafText leafKind = iota + 1
	leafInt
	leafTime
)

// MarshalGQL writes the value as gqlgen would.
func (l *leaf) MarshalGQL(w io.Writer) {
	writing(w, func(out output) {
		switch l.kind {
		case leafText:
			writeText(out, l.text)
		case leafInt:
			_, _ = out.Write(strconv.AppendInt(out.AvailableBuffer(), l.n, 10))
		case leafTime:
			room := append(out.AvailableBuffer(), '"')
			_, _ = out.Write(append(l.at.AppendFormat(room, time.RFC3339Nano), '"'))
		}
	})
}

// Texts are a list of texts, such as values of an enum, as a value.
func Texts[T ~string](list []T) graphql.Marshaler { return texts[T](list) }

type texts[T ~string] []T

// MarshalGQL writes the list.
func (list texts[T]) MarshalGQL(w io.Writer) {
	writing(w, func(out output) {
		_ = out.WriteByte('[')
		for i, text := range list {
			if i > 0 {
				_ = out.WriteByte(',')
			}
			writeText(out, string(text))
		}
		_ = out.WriteByte(']')
	})
}

// output is where an answer is written: the buffer of the whole answer.
type output = *bytes.Buffer

// writing writes to the buffer of the answer, which w is wherever the answer is written by this program.
func writing(w io.Writer, write func(out output)) {
	if out, ok := w.(output); ok {
		write(out)
		return
	}
	var out bytes.Buffer
	write(&out)
	_, _ = w.Write(out.Bytes())
}

const hex = "0123456789ABCDEF"

// writeText writes a text in JSON, with the escapes that gqlgen uses.
func writeText(out output, text string) {
	_ = out.WriteByte('"')
	from := 0
	for i := range len(text) {
		c := text[i]
		if c >= 0x20 && c != '\\' && c != '"' {
			continue
		}
		_, _ = out.WriteString(text[from:i])
		from = i + 1
		switch c {
		case '\t':
			_, _ = out.WriteString(`\t`)
		case '\r':
			_, _ = out.WriteString(`\r`)
		case '\n':
			_, _ = out.WriteString(`\n`)
		case '\\', '"':
			_ = out.WriteByte('\\')
			_ = out.WriteByte(c)
		default:
			_, _ = out.WriteString(`\u00`)
			_ = out.WriteByte(hex[c>>4])
			_ = out.WriteByte(hex[c&0xf])
		}
	}
	_, _ = out.WriteString(text[from:])
	_ = out.WriteByte('"')
}
