// Package privacy is the register of what is kept about people: for each collection of
// the database why it is kept, on what legal basis, whose data it is, for how long, and
// how a person is given it and has it erased.
//
// Each noun brings the entries of its own collections, as part.Part{Collections}; the
// texts stand in its privacy.go, the functions in its store_privacy.go. What is no
// collection but is kept about people all the same, such as the effects inside the
// documents of others, has an entry under a name that begins with "*". The program
// refuses to start on a database with a collection that has no entry, and
// docs/PRIVACY.md is printed from the register.
//
// Export and Erase are called for somebody, never by them: there is no viewer in the
// context. When Erase is called the person's own document is empty already, has
// erasedAt, and can be written no more, and nobody can sign in as them. Tests look with
// testkit.Mentions for what is left.
package privacy
