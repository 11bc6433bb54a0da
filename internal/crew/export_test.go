package crew

// MostIdle is how many wait for work at most.
const MostIdle = mostIdle

// Idle is how many wait for work.
func (c *Crew) Idle() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.idle)
}

// EndSome is what the timer does.
func (c *Crew) EndSome() { c.endSome() }
