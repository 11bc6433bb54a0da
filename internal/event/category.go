package event

import "faellesskab/internal/place"

// Category is the kind of thing that people do at an event.
type Category string

// The categories.
const (
	CategoryMeeting      Category = "MEETING"
	CategoryMeal         Category = "MEAL"
	CategoryCulture      Category = "CULTURE"
	CategoryExercise     Category = "EXERCISE"
	CategoryNature       Category = "NATURE"
	CategoryCreative     Category = "CREATIVE"
	CategoryLearning     Category = "LEARNING"
	CategoryFamily       Category = "FAMILY"
	CategoryVolunteering Category = "VOLUNTEERING"
	CategoryFeast        Category = "FEAST"
	CategoryOther        Category = "OTHER"
)

// IsValid reports whether it is one of them.
func (c Category) IsValid() bool {
	switch c {
	case CategoryMeeting, CategoryMeal, CategoryCulture, CategoryExercise, CategoryNature, CategoryCreative, CategoryLearning,
		CategoryFamily, CategoryVolunteering, CategoryFeast, CategoryOther:
		return true
	}
	return false
}

// term stands among the words of a date, so that the dates of a category are found as those with a word are. No word has a colon.
func (c Category) term() string { return "category:" + string(c) }

// Venue is the place of the event, whose link is for those who have a seat at its next dates.
func (e *Event) Venue() *place.Place {
	switch {
	case e.Place == nil || e.Place.OnlineURL == "":
		return e.Place
	case e.Series == nil:
		return e.Place.For(occurrenceID(e.ID))
	}
	return e.Place.For(e.Series.NextIDs...)
}

// Venue is the place of the date, whose link is for those who have a seat there.
func (o *Occurrence) Venue() *place.Place { return o.Place.For(o.ID) }
