package notify

// Action is something that the reader of a push can answer with one tap: a mutation of the API, with its
// input. The key of its label is "action.<name>" in the catalogs.
type Action struct {
	Name     string // the app's and the catalog's name of it, such as "ACCEPT_OFFER"
	Mutation string // the field of Mutation that carries it out
	// Input are the fields of the mutation's input for a piece of news that one person is told, without
	// clientMutationId; nil if there is nothing to answer.
	Input func(n News, personID string) map[string]string
}
