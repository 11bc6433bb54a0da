package privacy

import "context"

// Collection is what the register says of one collection. The texts are for residents
// and for the data protection officer: whole plain sentences.
type Collection struct {
	Name      string // as the database knows it; with a star in front: kept within others
	Purpose   string // why it is kept
	Basis     Basis
	Whose     string // whose data it is
	Retention string // for how long
	Ends      string // what ends it: a TTL index, a job, erasure
	Kept      string // what is left after an erasure, and why; empty: nothing
	ShardKey  string // by what it would be spread over several servers; empty: with the document it is in
	Export    Export // nil only if it is nobody's data
	Erase     Erase  // nil only if it is nobody's data
}

// Export hands each record about the person to keep, as a value that marshals to JSON:
// what the person gets to read. What keep returns ends it.
type Export func(ctx context.Context, personID string, keep func(record any) error) error

// Erase ends what is kept about the person. It can be repeated: after a crash it is
// called again, and finds less to do. It works in bounded batches; left says that there
// is more, and then it is called again.
type Erase func(ctx context.Context, personID string) (left bool, err error)

// HashedID is the shard key of most collections: the id, spread evenly.
const HashedID = "{_id: hashed}"

// Basis is the legal basis: the article of the General Data Protection Regulation, and
// what it rests on.
type Basis string

// The bases there are.
const (
	// PublicTask is what the municipality does for its residents.
	PublicTask Basis = "Article 6(1)(e), a task in the public interest: the municipality's support of associations, courses and " +
		"communities (folkeoplysningsloven)"
	// LegalObligation is to be able to say who decided what.
	LegalObligation Basis = "Article 6(1)(c), a legal obligation: the authority's duty to note what was decided and by whom " +
		"(offentlighedsloven § 13)"
	// Security is to be able to run the service safely, and to find out what went wrong.
	Security Basis = "Article 6(1)(c), a legal obligation: the security of processing (Articles 5(1)(f) and 32)"
	// Agreement is what a person asked for by taking part.
	Agreement Basis = "Article 6(1)(b), an agreement: the person has signed up for it"
	// Consent is what a person has said yes to, and can take back in the app.
	Consent Basis = "Article 6(1)(a), consent: the person has said yes, and can take it back in the app"
	// NotPersonal is for what is nobody's data.
	NotPersonal Basis = "none is needed: it is nobody's personal data"
)
