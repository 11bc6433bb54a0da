package privacy

import "context"

// Collection is the entry of one collection. The texts are for residents and for the data protection officer, so
// they are complete and plain sentences.
type Collection struct {
	Name      string // the name in the database; with a star in front: kept within other collections
	Purpose   string // why it is kept
	Basis     Basis
	Whose     string // whose data it is
	Retention string // for how long
	Ends      string // what ends it: a TTL index, a job, erasure
	Kept      string // what is left after an erasure, and why; empty: nothing
	ShardKey  string // the field by whose hash it would be spread over several servers; empty: it lies in other documents
	// AskAll are the fields by which a query asks all of these servers on purpose, each with the reason.
	AskAll map[string]string
	Export Export // nil only if it is nobody's data
	Erase  Erase  // nil only if it is nobody's data
}

// Export calls keep with each record about the person, as a value that marshals to JSON and that the person may
// read. An error of keep ends it.
type Export func(ctx context.Context, personID string, keep func(record any) error) error

// Erase removes what is kept about the person. It must be repeatable: after a crash it is called again, and finds
// less to do. It works in bounded batches; if left is true, there is more, and it is called again. One document that
// fails keeps no other from being erased, and err joins the failures: see Each. With an error, left also says that
// something was erased all the same, since an erasure goes on for as long as it gets anywhere.
type Erase func(ctx context.Context, personID string) (left bool, err error)

// Unsharded is in place of a shard key where all documents are to be on one server: workers claim them by their
// state, or they are few, or are listed together.
const Unsharded = "none"

// HashedID is the shard key of documents that are found by their ids.
const HashedID = "_id"

// Basis is a legal basis: the article of the General Data Protection Regulation, and the reason why it applies.
type Basis string

// The legal bases.
const (
	// PublicTask is for data that the municipality needs for its work for residents.
	PublicTask Basis = "Article 6(1)(e), a task in the public interest: the municipality's support of associations, courses and " +
		"communities (folkeoplysningsloven)"
	// LegalObligation is for data that tells who decided what.
	LegalObligation Basis = "Article 6(1)(c), a legal obligation: the authority's duty to note what was decided and by whom " +
		"(offentlighedsloven § 13)"
	// Security is for data that is needed to run the service safely, and to find out what went wrong.
	Security Basis = "Article 6(1)(c), a legal obligation: the security of processing (Articles 5(1)(f) and 32)"
	// Agreement is for data that a person has given by signing up for something.
	Agreement Basis = "Article 6(1)(b), an agreement: the person has signed up for it"
	// Consent is for data that a person has agreed to, and can take back in the app.
	Consent Basis = "Article 6(1)(a), consent: the person has said yes, and can take it back in the app"
	// NotPersonal is for data that is not about people.
	NotPersonal Basis = "none is needed: it is nobody's personal data"
)
