package testkit

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// Size chooses the size of a test of faults: short usually, and full with FAULTS=full in the
// environment, which `make faults` sets.
func Size[V any](short, full V) V {
	if os.Getenv("FAULTS") == "full" {
		return full
	}
	return short
}

// Random is a source of chance that can be repeated: the test's log names the seed, and FAULTS_SEED
// sets it.
func Random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano()) //nolint:gosec // any bits will do
	if given := os.Getenv("FAULTS_SEED"); given != "" {
		parsed, err := strconv.ParseUint(given, 10, 64)
		if err != nil {
			t.Fatalf("testkit: FAULTS_SEED: %v", err)
		}
		seed = parsed
	}
	t.Logf("chance: FAULTS_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // chance needs no secrecy here
}
