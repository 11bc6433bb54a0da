package event

// AccessStep is how many people one step looks at.
const AccessStep = accessStep
