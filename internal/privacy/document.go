package privacy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// preamble says what the register is, and how people are given what is kept of them.
func preamble() string {
	return `# What is kept about people

This is the register of processing (Article 30 of the General Data Protection Regulation), for residents and for the municipality's data
protection officer. It is printed from the program (` + "`make privacy`" + `): every collection of the database has its entry here, and the program refuses
to start on a database that holds any other.

The municipality is the controller. A person's id is random and leads to the person only through the collections ` + "`persons` and `sign_ins`" + `: once the
person is erased, nobody can tell whose it was. What other people wrote is theirs, also where it mentions somebody.

- **Access and portability** (Articles 15 and 20): an operator runs ` + "`server privacy export -person per_…`" + `, which writes all records about the
  person as JSON.
- **Erasure** (Article 17): an operator runs ` + "`server privacy erase -person per_…`" + `. The person's own document is emptied first, so that nobody can
  sign in as them or write for them any more; then every collection below is gone through, and once more ` + For(LooksAgain) + ` later. If the machine stops in between, it
  goes on. Whoever signs in with the same account afterwards is somebody new.
- **Backups** are the operator's: what is erased here is in them until they are overwritten, and a restore must be followed by the erasures made
  since (` + "`docs/OPERATIONS.md`" + `).
`
}

// Markdown is the register as a document: an overview, then every entry.
func (r Register) Markdown() string {
	entries := slices.SortedFunc(slices.Values(r), func(a, b Collection) int { return cmp.Compare(a.Name, b.Name) })
	var out strings.Builder
	out.WriteString(preamble() + "\n## Overview\n\n| Collection | Whose data | Kept for | Left after an erasure |\n|---|---|---|---|\n")
	for _, c := range entries {
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", c.Name, cell(c.Whose), cell(c.Retention), c.leaves())
	}
	for _, c := range entries {
		fmt.Fprintf(&out, "\n## `%s`\n\n| | |\n|---|---|\n", c.Name)
		for _, row := range [][2]string{{"Why it is kept", c.Purpose}, {"Legal basis", string(c.Basis)}, {"Whose data", c.Whose}, {"Kept for", c.Retention},
			{"What ends it", c.Ends}, {"Export", c.exports()}, {"Erasure", c.erases()}, {"Shard key", c.shards()}} {
			fmt.Fprintf(&out, "| %s | %s |\n", row[0], cell(row[1]))
		}
	}
	return out.String()
}

// cell is a text that stands in one cell of a table.
func cell(text string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`)
}

func (c Collection) leaves() string {
	switch {
	case c.Erase == nil:
		return "it is nobody's"
	case c.Kept == "":
		return "nothing"
	}
	return "something: see below"
}

func (c Collection) exports() string {
	if c.Export == nil {
		return "None: it is nobody's data."
	}
	return "The person gets the records that are about them."
}

func (c Collection) erases() string {
	switch {
	case c.Erase == nil:
		return "None: it is nobody's data."
	case c.Kept == "":
		return "All of it goes."
	}
	return "What stays, and why: " + c.Kept
}

func (c Collection) shards() string {
	switch c.ShardKey {
	case "":
		return "That of the document it is kept in."
	case Unsharded:
		return "None: it stays on one server."
	}
	return "`" + Hashed(c.ShardKey) + "`"
}
