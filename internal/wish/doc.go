// Package wish keeps what people want to learn that is not in the list of skills.
//
// A person wishes in words of their own for a course in an area. Wishes of the same words in the same area are one
// topic: staff see topics and how many people are behind them, and never who. They put topics together (mergeWishes)
// and answer them by a course or a text (answerWish). A person counts once in a topic, however many of their wishes
// are in it. People without COURSES who hold an office see no topic and no skill behind which are fewer than five
// people, and no sums of several areas or topics, from which such a number could be found by subtraction.
//
// A wish ends when its person withdraws it, when it is answered, and when the person completes the course by which it
// was answered. If that course is cancelled, the wish is open again. Wishes for skills of the list are kept with the
// person (package person).
package wish
