package delivery

import (
	"faellesskab/internal/dead"
	"faellesskab/internal/privacy"
)

// collections are the entries of the register of what is kept about people.
func (n *Notifier) collections() []privacy.Collection {
	ended := privacy.For(keepDone) + " after the news has been told; " + privacy.For(dead.Keep) + " where telling it failed."
	return []privacy.Collection{
		{
			Name:      jobs,
			Purpose:   "News is on its way to the people it concerns, and is told to each of them once, also after a crash.",
			Basis:     privacy.PublicTask,
			Whose:     "That of the people it names: who did something, whom the news is about, and who is told by name.",
			Retention: ended,
			Ends:      "The job “finished notifications”, and erasure. News about a person who is erased, or for them alone, is stopped.",
			ShardKey:  privacy.Unsharded,
			Export:    n.store.exportJobs,
			Erase:     n.eraseJobs,
		},
		{
			Name:      chunks,
			Purpose:   "A push goes to each device of the people who get it, once, also after a crash.",
			Basis:     privacy.PublicTask,
			Whose:     "That of the people to whom the push goes.",
			Retention: ended,
			Ends:      "The job “finished notifications”, and erasure.",
			ShardKey:  privacy.Unsharded,
			Export:    n.store.exportChunks,
			Erase:     n.eraseChunks,
		},
		{
			Name:      slotsOfDays,
			Purpose:   "Nobody gets more pushes a day than they want.",
			Basis:     privacy.PublicTask,
			Whose:     "The person's own.",
			Retention: privacy.For(keepSlots) + ".",
			Ends:      "The job “finished notifications”, and erasure.",
			ShardKey:  byPerson,
			AskAll:    map[string]string{"day": "the hourly job looks everywhere for what is old"},
			Export:    n.store.exportSlots,
			Erase:     n.store.eraseSlots,
		},
		n.recallCollection(),
		{
			Name:      pushGates,
			Purpose:   "All servers together keep within what Firebase allows, and rest when it asks for it.",
			Basis:     privacy.NotPersonal,
			Whose:     "Nobody's.",
			Retention: "An hour.",
			Ends:      "The job “finished notifications”.",
			ShardKey:  privacy.Unsharded,
		},
	}
}

func (n *Notifier) recallCollection() privacy.Collection {
	return privacy.Collection{
		Name:      recalls,
		Purpose:   "What a person has read or answered on one phone, or what is no longer true, goes away from their phones' screens, also after a crash.",
		Basis:     privacy.PublicTask,
		Whose:     "The person's own.",
		Retention: "Seconds; up to a day while their phones cannot be reached.",
		Ends:      "Being carried out, and erasure.",
		ShardKey:  privacy.Unsharded,
		Export:    n.store.exportRecalls,
		Erase:     n.store.eraseRecalls,
	}
}
