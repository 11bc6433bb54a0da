package gqlhttp

import (
	"fmt"
	"testing"
	"time"
)

func TestAClientEndsWhatItFollows(t *testing.T) {
	t.Parallel()
	s := newServer()
	c := dial(t, s)
	c.greets()
	c.say(fmt.Sprintf(followTicks, "a"))
	s.ticks <- "one"
	c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
	c.say(`{"id":"a","type":"complete"}`)
	for range 3 {
		c.say(`{"type":"ping"}`)
		c.hears(said("", "pong", "null"))
		select {
		case s.ticks <- "lost":
			t.Fatal("the operation goes on")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// An id is free as soon as its operation is ended by the client, however long
// that takes to stop, and what stops then is not taken for its successor.
func TestAnIDIsFreeAtOnce(t *testing.T) {
	t.Parallel()
	s := newServer()
	release := s.stopSlowly()
	defer release()
	c := dial(t, s)
	c.greets()
	c.say(fmt.Sprintf(followTicks, "a"))
	s.ticks <- "one"
	c.hears(said("a", "next", `{"data":{"ticks":"one"}}`))
	<-s.asked
	<-s.asked // it waits for the next
	c.say(`{"id":"a","type":"complete"}`)
	c.say(fmt.Sprintf(followTicks, "a"))
	c.say(`{"type":"ping"}`)
	c.hears(said("", "pong", "null"))
	<-s.ended
	release() // the first stops only now
	for i := range 3 {
		tick := fmt.Sprint("again ", i)
		select {
		case s.ticks <- tick:
		case <-time.After(10 * time.Second):
			t.Fatal("the successor has ended")
		}
		c.hears(said("a", "next", `{"data":{"ticks":"`+tick+`"}}`))
		time.Sleep(5 * time.Millisecond)
	}
	c.say(fmt.Sprintf(followTicks, "a"))
	c.closes(closeIDTaken)
}

// Operations that take their time to stop count, too: nobody starts more and more
// of them by ending them at once.
func TestWhatStopsSlowlyCounts(t *testing.T) {
	t.Parallel()
	s := newServer()
	defer s.stopSlowly()()
	c := dial(t, s)
	c.greets()
	for i := range 2 * maxFollowed {
		c.say(fmt.Sprintf(followTicks, fmt.Sprint("s", i)))
		<-s.asked // it is under way
		c.say(fmt.Sprintf(`{"id":"s%d","type":"complete"}`, i))
		<-s.ended
	}
	c.say(fmt.Sprintf(followTicks, "more"))
	c.hears(said("more", "error", `[{"extensions":{"code":"RATE_LIMITED"},"message":"request.follows"}]`))
}
