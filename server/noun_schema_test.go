package main

// schemaNoun: what holds for whatever has an id. The node of each type stands with its
// noun.
func schemaNoun() noun { return noun{name: "schema", access: schemaAccess} }

var schemaAccess = []accessCall{
	asks("nodes of all those", `nodes(ids: [$member, $hidden, $membership, $date, $draftDate, $attendance, $enrolment, $notice, $device]) { id }`, "nodes").ofOneself(),
}
