package wish

import "testing"

func TestWishesNameNobody(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"Førstehjælp for børn": "", "Excel for begyndere": "", "Microsoft Excel": "", "Røde Kors samaritter": "", "Skolestart 2026-2027": "", "C++": "", "Knob og stik": "",
		"MAD FOR BEGYNDERE": "", "Kunsten at være 60": "", "Livet med demens": "", "Spansk til rejsen": "",
		"Mark og have": "", "Bo godt som gammel": "", "Sankt Hans-bål": "", "Rene hænder": "",
		"Skriv til a@b.dk": "wish.names.address", "Som @anna": "wish.names.address", "Se www.knob.dk": "wish.names.address", "https://x.test": "wish.names.address", "knob.dk": "wish.names.address",
		"Ring 20304050": "wish.names.number", "Ring 20 30 40 50": "wish.names.number", "+45 20-30-40-50": "wish.names.number", "010190-1234": "wish.names.number", "0101901234": "wish.names.number",
		"Yoga med Anna": "wish.names.person", "Lone Madsen": "wish.names.person", "peter jensen fortæller": "wish.names.person", "Strik hos Fru Holm": "wish.names.person",
		"Mette fra nr. 12 skal lære at parkere": "wish.names.person", "Lær Mogens at parkere": "wish.names.person", "Mark Holm": "wish.names.person",
		"Zenia Mikkelsen om haver": "wish.names.person", "Knuder med Søren Ærø": "wish.names.person",
	} {
		got := ""
		if problem := checkNames("input.text", words); problem != nil {
			got = problem.Key
		}
		if got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
	if !isNamed("Kor som Åse Grønkær", "åse grønkær") || isNamed("Brød og smør", "Brød") {
		t.Error("the name of the person")
	}
}
