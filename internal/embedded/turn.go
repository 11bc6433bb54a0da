package embedded

import (
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// turn is a connection while it is its turn: it may ask the database several things
// before it answers.
type turn struct {
	// exchange sends a request and fetches its reply.
	exchange func(request []byte) (reply []byte, err error)
}

// refusal is the database's reply to a command that it refused.
type refusal bson.Raw

func (r refusal) Error() string { return fmt.Sprintf("refused: %s", bson.Raw(r)) }

// answer goes the way and wraps up what came of it. What the database refuses on the
// way is the answer.
func (w way) answer(t *turn, to uint32) ([]byte, error) {
	doc, err := w(t)
	var refused refusal
	if errors.As(err, &refused) {
		doc, err = bson.Raw(refused), nil
	}
	if err != nil {
		return nil, err
	}
	return reply(to, doc)
}

// ask is the reply to a command; a refusal is an error.
func (t *turn) ask(command bson.D) (bson.Raw, error) {
	m, err := request(command)
	if err != nil {
		return nil, err
	}
	if m, err = t.exchange(m); err != nil {
		return nil, err
	}
	doc, ok := readReply(m)
	if !ok {
		return nil, errors.New("embedded: a reply that is no document")
	}
	if yes, _ := doc.Lookup("ok").AsFloat64OK(); yes != 1 {
		return nil, refusal(doc)
	}
	return doc, nil
}

// documents are what a find or aggregate for one document finds.
func (t *turn) documents(command bson.D) ([]bson.RawValue, error) {
	doc, err := t.ask(command)
	if err != nil {
		return nil, err
	}
	batch, ok := doc.Lookup("cursor", "firstBatch").ArrayOK()
	if !ok {
		return nil, errors.New("embedded: a reply without documents")
	}
	return batch.Values()
}
