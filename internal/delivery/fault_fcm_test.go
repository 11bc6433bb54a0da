package delivery_test

import (
	"fmt"
	"testing"
	"time"

	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/delivery"
	"faellesskab/internal/push/fcmsim"
	"faellesskab/internal/testkit"
)

// Firebase is down and comes back. Everybody gets the push once, and no device was given
// up meanwhile.
func TestFaultFirebaseDownAndBack(t *testing.T) {
	t.Parallel()
	for name, down := range map[string]fcmsim.Answer{
		"503 for everything":       fcmsim.Unavailable(0),
		"500 for everything":       fcmsim.Internal(),
		"connections break":        fcmsim.Reset(),
		"too fast, for everything": fcmsim.QuotaExceeded(30 * time.Second),
	} {
		for _, length := range []time.Duration{10 * time.Minute, 31 * time.Minute} {
			t.Run(fmt.Sprint(name, " for ", length), func(t *testing.T) {
				t.Parallel()
				phones := testkit.Size(15, 200)
				w := ct.New(t)
				g, _ := w.Crowd(phones)
				w.Phones.ScriptAll(down)
				w.PublishedEvent("anna", g.ID, nil)
				const step = 30 * time.Second
				for gone := time.Duration(0); gone < length; gone += step {
					w.Drain()
					if r := report(w); r.Failed != 0 || w.Phones.Received() != 0 {
						t.Fatalf("after %v: %d pushes, %+v", gone, w.Phones.Received(), r)
					}
					w.Clock.Advance(step)
				}
				w.Phones.ScriptAll(fcmsim.OK())
				for waited := time.Duration(0); w.Phones.Devices() < phones && waited < time.Hour; waited += step {
					w.Drain()
					w.Clock.Advance(step)
				}
				if r := report(w); w.Phones.Devices() != phones || r.State != "DONE" || r.Failed != 0 || r.Sent != phones {
					t.Errorf("%d pushes to %d phones: %+v", w.Phones.Received(), w.Phones.Devices(), r)
				}
				wantRepeats(w, 0)
			})
		}
	}
}

// A phone for which Firebase never answers holds nobody up: the others get their push
// meanwhile, also those behind it, and that phone is tried again later.
func TestFaultAnswerNeverComes(t *testing.T) {
	t.Parallel()
	const timeout, phones = 10 * time.Second, 60
	for name, hanging := range map[string]int{"one": 1, "one of ten": 6} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g, crowd := w.Crowd(phones)
			for i := range hanging {
				w.Phones.Script(crowd.Phone(i*phones/hanging), fcmsim.Hang())
			}
			w.PublishedEvent("anna", g.ID, nil)
			w.Sender = w.FCM(timeout)
			goesOn(w)
			runs(w.Again())
			if err := w.Phones.WaitFor(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			if err := w.Phones.WaitFor(t.Context(), phones-hanging); err != nil {
				t.Fatal(err)
			}
			took := time.Since(start)
			t.Logf("%d of %d hang for %v; the others had their push within %v", hanging, phones, timeout, took.Round(time.Millisecond))
			if took >= timeout {
				t.Errorf("the others waited %v", took)
			}
			for c := w.Chunks()[0]; c.Attempt == 0; c = w.Chunks()[0] {
				time.Sleep(20 * time.Millisecond) // until the phones that hang are put off
			}
			for i := range hanging {
				w.Phones.Script(crowd.Phone(i * phones / hanging))
			}
			w.Clock.Advance(2 * time.Minute)
			wantAll(w, phones, time.Minute)
			wantRepeats(w, 0)
		})
	}
}

// A worker dies while Firebase keeps it waiting for one phone. The next worker sends to
// that phone, and not to phones that have an answer.
func TestFaultWorkerDiesWhileOneHangs(t *testing.T) {
	t.Parallel()
	const phones = 30
	w := ct.New(t)
	g, crowd := w.Crowd(phones)
	w.Phones.Script(crowd.Phone(0), fcmsim.Hang())
	w.PublishedEvent("anna", g.ID, nil)
	crasher := testkit.NewCrasher()
	w.Sender = w.FCM(5 * time.Second)
	goesOn(w)
	runs(w.Again(testkit.WithCrasher(crasher)))
	for c := w.Chunks(); len(c) == 0 || c[0].Sent < phones-1; c = w.Chunks() {
		time.Sleep(20 * time.Millisecond) // until the others are in a checkpoint
	}
	crasher.After(0)
	w.Phones.Script(crowd.Phone(0))
	w.Clock.Advance(16 * time.Second)
	w.Drain()
	if r := report(w); w.Phones.Devices() != phones || r.Sent != phones || r.State != "DONE" {
		t.Errorf("%d phones have their push: %+v", w.Phones.Devices(), r)
	}
	wantRepeats(w, 0)
}

// One phone in ten has lost the app, at random. The others get the push at once, the
// lost ones are removed, and nothing is tried again.
func TestFaultOnePhoneOfTenIsGone(t *testing.T) {
	t.Parallel()
	const phones = 60
	w := ct.New(t)
	g, _ := w.Crowd(phones)
	w.Phones.ScriptEvery(10, fcmsim.Unregistered())
	w.PublishedEvent("anna", g.ID, nil)
	w.Drain()
	r := report(w)
	if r.State != "DONE" || r.Sent != phones*9/10 || r.Gone != phones/10 || w.Phones.Devices() != r.Sent || w.Phones.Requests() != phones {
		t.Errorf("%d requests, %d pushes: %+v", w.Phones.Requests(), w.Phones.Received(), r)
	}
	if n := w.Count("devices"); n != phones*9/10 {
		t.Errorf("%d devices are kept of %d", n, phones)
	}
}

// Firebase calls everything bad. A message that it cannot read stops the job after the
// first pushes, and bad devices in a single chunk stop nothing. No device is removed.
func TestFaultFirebaseRefusesEverything(t *testing.T) {
	t.Parallel()
	const phones = 60
	for name, answer := range map[string]fcmsim.Answer{"the message": fcmsim.InvalidPayload(), "the devices": fcmsim.InvalidDevice()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			g, _ := w.Crowd(phones)
			w.Phones.ScriptAll(answer)
			w.PublishedEvent("anna", g.ID, nil)
			w.Drain()
			w.Clock.Advance(time.Hour)
			w.Drain()
			state := map[string]string{"the message": "STOPPED", "the devices": "DONE"}[name]
			if r := report(w); string(r.State) != state || name == "the message" && r.Failed > delivery.DefaultInFlight/2 || r.Failed != w.Phones.Requests() || r.Answer["INVALID_ARGUMENT"] != r.Failed {
				t.Errorf("%d requests: %+v", w.Phones.Requests(), r)
			}
			if n := w.Count("devices"); n != phones {
				t.Errorf("%d devices are kept of %d", n, phones)
			}
		})
	}
}
