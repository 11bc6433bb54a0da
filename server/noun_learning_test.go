package main

// learningNoun has the rows of people's paths, which only the viewer reads.
func learningNoun() noun { return noun{name: "learning"} }
