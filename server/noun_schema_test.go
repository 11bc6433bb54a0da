package main

// schemaNoun has the rows that hold for everything with an id. The node of each type has its row
// with its noun.
func schemaNoun() noun { return noun{name: "schema", access: schemaAccess} }

var schemaAccess = []accessCall{
	asks("nodes of all those", `nodes(ids: [$member, $hidden, $membership, $date, $draftDate, $attendance, $enrolment, $notice, $device]) { id }`, "nodes").ofOneself(),
}
