package event

// EffectCopied says that an event was made after another one. What other nouns keep of the old one follows into the new one.
const EffectCopied = "event.copied"

// Copied are an event, the one that was made after it, and who has made it. If PersonID is empty, the new one goes on with the
// old one, and what people have proposed stays theirs.
type Copied struct{ FromID, ToID, PersonID string }
