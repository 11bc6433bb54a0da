package booking

import "faellesskab/internal/privacy"

// collections returns the entry of bookings.
func (s *Service) collections() []privacy.Collection {
	return []privacy.Collection{{
		Name: collection, Basis: privacy.Agreement, ShardKey: byBookable,
		AskAll: map[string]string{"personId": "a person's own bookings lie with what they are of", "hasNames": "names of guests are few, and looked for some times a day"},
		Purpose: "To give out seats at events and courses, to keep the line when they are full, to let organisers know who comes, to note who came, when they were let in, " +
			"and who attended or declined which session of a course, and to give those its skills who attended enough. What an organiser asks those who sign up, and the names of guests where they ask for them, " +
			"serve the organisers of that date or course alone.",
		Whose:     "The person's who has signed up. That they bring guests is a number; where the organiser asks for it, a name and an age group for each. People without an account, whom an organiser has signed up, by the name and the way to reach them that the organiser wrote.",
		Retention: "Until the person is erased: it is their own list of what they took part in, and says how they came by their skills. The names of guests, and the names of people without an account and how to reach them, go 30 days after the end.",
		Ends:      "Erasure.",
		Kept: "Of a booking of what has begun: that somebody had a seat, its state, the number of guests and the sessions attended, so that the group and the " +
			"municipality can say how many came and how many completed a course. It gets an id made by chance, and neither the person nor the time of signing up; " +
			"nothing leads back. A booking of what is still to come is removed, and its seat goes to the next in line.",
		Export: s.export, Erase: s.Erase,
	}}
}
