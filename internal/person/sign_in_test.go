package person_test

import (
	"slices"
	"sync"
	"testing"

	"faellesskab/internal/auth"
	ct "faellesskab/internal/community/communitytest"
	"faellesskab/internal/fault"
	"faellesskab/internal/i18n"
	"faellesskab/internal/person"
	"faellesskab/internal/testkit"
)

var annas = auth.Claims{UID: "x", Name: "Anna"}

func signIn(w *ct.World) *person.Person {
	w.T.Helper()
	return ct.Must(w.People.SignIn(w.T.Context(), annas, i18n.English))(w.T)
}

// leadsTo are the people to whom sign-ins lead.
func leadsTo(w *ct.World) []string {
	w.T.Helper()
	var ids []string
	for _, in := range ct.All[person.SignIn](w, "sign_ins", nil) {
		ids = append(ids, in.PersonID)
	}
	return ids
}

// erase does what every erasure does: it empties the person's document, and then removes
// their sign-in.
func erase(w *ct.World, p *person.Person, signInToo bool) {
	w.T.Helper()
	w.Set(w.T.Context(), "persons", p.ID, map[string]any{"uid": "", "displayName": "", "erasedAt": w.Clock.Now()})
	if signInToo {
		w.Remove("sign_ins", person.NewSignIn(annas.UID, p.ID, w.Clock.Now()).ID)
	}
}

// wantOnly checks that there is one sign-in, which leads to that person, and the given number
// of people's documents.
func wantOnly(w *ct.World, p *person.Person, people int) {
	w.T.Helper()
	if ids := leadsTo(w); len(ids) != 1 || ids[0] != p.ID {
		w.T.Errorf("sign-ins lead to %v, want %s", ids, p.ID)
	}
	if n := w.Count("persons"); n != people {
		w.T.Errorf("%d people, want %d", n, people)
	}
}

// A person signs in for the first time on twenty phones at two replicas.
func TestTwoFirstSignInsMakeOnePerson(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	replicas := []*ct.World{w, w.Again()}
	var wg sync.WaitGroup
	ids := make([]string, 20)
	for i := range ids {
		wg.Go(func() {
			p, err := replicas[i%2].People.SignIn(t.Context(), annas, i18n.English)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = p.ID + p.DisplayName + string(p.OwnLanguage)
		})
	}
	wg.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("%s and %s", id, ids[0])
		}
	}
	wantOnly(w, signIn(w), 1)
}

// Two first sign-ins have looked, and neither has found a person.
func TestTheSlowerFirstSignInMeetsTheOther(t *testing.T) {
	t.Parallel()
	for _, collection := range []string{"sign_ins", "persons"} {
		t.Run(collection, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w := ct.New(t, m.Option())
			var other *person.Person
			again := w.Again()
			m.Before("insert", collection, func() { other = signIn(again) })
			p := signIn(w)
			if other == nil || p.ID != other.ID || p.DisplayName != "Anna" {
				t.Errorf("%+v and %+v", p, other)
			}
			wantOnly(w, p, 1)
		})
	}
}

// An id that follows from the account would be the same again after an erasure, with
// everything that was recorded under it.
func TestAPersonsIDIsNotTheAccounts(t *testing.T) {
	t.Parallel()
	one, other := signIn(ct.New(t)), signIn(ct.New(t))
	if one.ID == other.ID {
		t.Errorf("the account is %s each time it comes", one.ID)
	}
}

// If a process dies after any write of a first sign-in, the next sign-in finishes it.
func TestAFirstSignInIsFinishedByTheNext(t *testing.T) {
	t.Parallel()
	for writes := range 2 {
		w := ct.New(t)
		crasher := testkit.NewCrasher()
		dying := w.Again(testkit.WithCrasher(crasher))
		crasher.After(writes)
		if _, err := dying.People.SignIn(t.Context(), annas, i18n.English); err == nil {
			t.Fatalf("it did not die after %d writes", writes)
		}
		begun := leadsTo(w)
		if _, err := w.People.ByUID(t.Context(), annas.UID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody is there after %d writes: %v", writes, err)
		}
		p := signIn(w)
		if len(begun) != writes || writes == 1 && p.ID != begun[0] {
			t.Errorf("after %d writes sign-ins led to %v, and now it is %s", writes, begun, p.ID)
		}
		wantOnly(w, p, 1)
	}
}

// A person comes back after an erasure, while replicas still remember the old sign-in.
func TestWhoComesBackAfterErasureIsSomebodyElse(t *testing.T) {
	t.Parallel()
	for name, signInToo := range map[string]bool{"erased": true, "the process died while erasing": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := ct.New(t)
			replicas := []*ct.World{w, w.Again(), w.Again()}
			old := signIn(w)
			for _, r := range replicas {
				signIn(r)
			}
			erase(w, old, signInToo)
			_, err := w.People.Viewer(t.Context(), old.ID)
			ct.WantKey(t, err, "person.disabled")
			back := signIn(w)
			if back.ID == old.ID || back.DisplayName != "Anna" {
				t.Errorf("came back as %+v", back)
			}
			for _, r := range replicas {
				for range 2 {
					if p := signIn(r); p.ID != back.ID {
						t.Errorf("%s at one replica, %s at another", p.ID, back.ID)
					}
				}
			}
			wantOnly(w, back, 2)
		})
	}
}

// An erased person is not found by their uid, even if the erasure was interrupted, so that
// they cannot be made an admin.
func TestAnErasedPersonIsNobodysByUID(t *testing.T) {
	t.Parallel()
	w := ct.New(t)
	old := signIn(w)
	erase(w, old, false)
	_, err := w.People.ByUID(t.Context(), annas.UID)
	ct.WantKind(t, err, fault.KindNotFound)
	p := ct.Must(w.People.GrantRoleAsOperator(t.Context(), annas.UID, auth.RoleStaff))(t)
	if p.ID == old.ID || len(p.OwnRoles) != 1 {
		t.Errorf("the role went to %+v", p)
	}
}

// A first sign-in sleeps between its writes, while the person signs in, is erased, and comes
// back. When it wakes, it does not bring the erased person back.
func TestASignInThatSleptWakesNobody(t *testing.T) {
	t.Parallel()
	for name, signInToo := range map[string]bool{"erased": true, "the process died while erasing": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &ct.Moment{}
			w := ct.New(t, m.Option())
			again := w.Again()
			var old *person.Person
			m.Before("insert", "persons", func() {
				old = signIn(again)
				erase(again, old, signInToo)
			})
			p := signIn(w)
			if old == nil || p.ID == old.ID || p.ErasedAt != nil {
				t.Errorf("woke up as %+v", p)
			}
			if again := signIn(again); again.ID != p.ID {
				t.Errorf("%s at one replica, %s at another", p.ID, again.ID)
			}
			wantOnly(w, p, 2)
		})
	}
}

// A person comes back at two replicas at once. The slower one must not remove what the
// quicker one has made.
func TestComingBackTwiceAtOnceMakesOnePerson(t *testing.T) {
	t.Parallel()
	m := &ct.Moment{}
	w := ct.New(t, m.Option())
	again := w.Again()
	old := signIn(w)
	signIn(again)
	erase(w, old, false)
	var other *person.Person
	m.Before("delete", "sign_ins", func() { other = signIn(again) })
	p := signIn(w)
	if other == nil || p.ID != other.ID || p.ID == old.ID {
		t.Errorf("came back as %+v and as %+v", p, other)
	}
	wantOnly(w, p, 2)
}

func TestWhatASignInCosts(t *testing.T) {
	t.Parallel()
	counter := &testkit.Counter{}
	w := ct.New(t, testkit.WithCounter(counter))
	cost := func(what string, want ...string) {
		t.Helper()
		counter.Reset()
		signIn(w)
		if got := counter.Commands(); !slices.Equal(got, want) {
			t.Errorf("%s cost %v, want %v", what, got, want)
		}
	}
	cost("the first sign-in", "find", "insert", "find", "find", "find", "insert") // three finds: nobody is mistaken for a group, a person or an area's contact person
	cost("the next one", "find")
	w = w.Again(testkit.WithCounter(counter))
	cost("the first one at a replica", "find", "find")
	cost("the next one there", "find")
}
