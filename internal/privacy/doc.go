// Package privacy is the register of what is kept about people. For each collection of the database it says why
// the data is kept, on what legal basis, whose data it is, for how long, and how it is exported and erased.
//
// Each noun brings the entries of its own collections, as part.Part{Collections}. The texts are in its privacy.go,
// and the functions in its store_privacy.go. Data about people that is no collection of its own, such as the
// effects inside other documents, has an entry with a name that begins with "*". The program refuses to start on
// a database with a collection that has no entry, and docs/PRIVACY.md is printed from the register.
//
// An operator calls Export and Erase for a person, so there is no viewer in the context. When Erase is called, the
// person's own document is empty already, has erasedAt, and can no longer be written, and nobody can sign in as
// them. Tests find remains with testkit.Mentions.
package privacy
