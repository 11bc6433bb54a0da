package booking

import "time"

// keepNames is how long after the start the names of guests are kept.
const keepNames = 30 * 24 * time.Hour
