package wish

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"faellesskab/internal/fault"
	"faellesskab/internal/text"
)

// Staff read wishes and must not learn who wished, so a wish names nobody. Addresses and numbers are found by their form,
// and names as far as they can be told: by given names and family names that are common in Denmark, and by where they stand.
// A name that nobody could tell from another word gets through, and staff give such a wish other words (mergeWishes).

var (
	//go:embed given_names.txt
	givenNames string
	//go:embed family_names.txt
	familyNames string

	given  = setOf(givenNames)
	family = setOf(familyNames)
)

func setOf(list string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(list) {
		set[word] = true
	}
	return set
}

var (
	atSign  = regexp.MustCompile(`@`)
	website = regexp.MustCompile(`(?i)://|\bwww\.|[\p{L}\d-]\.(dk|com|org|net|eu|info|nu|se|no|de)\b`)
	number  = regexp.MustCompile(`\d[\d ./()-]*\d`)
	years   = regexp.MustCompile(`^(19|20)\d\d ?[-/–] ?(19|20)\d\d$`)
	digit   = regexp.MustCompile(`\d`)
	word    = regexp.MustCompile(`[\p{L}\p{M}'’-]+`)
)

// fewestDigits is how many digits make a telephone number or a personal number.
const fewestDigits = 8

// checkNames refuses words that name somebody; nil: they do not.
func checkNames(field, words string) *fault.Error {
	switch {
	case atSign.MatchString(words), website.MatchString(words):
		return fault.Invalid(field, "wish.names.address")
	case slices.ContainsFunc(number.FindAllString(words, -1), isNumberOfSomebody):
		return fault.Invalid(field, "wish.names.number")
	case hasName(words):
		return fault.Invalid(field, "wish.names.person")
	}
	return nil
}

func isNumberOfSomebody(s string) bool {
	return len(digit.FindAllString(s, -1)) >= fewestDigits && !years.MatchString(s)
}

// leadsToName are words after which a given name is somebody's: "yoga med Anna".
var leadsToName = []string{"med", "hos", "af", "fra", "til", "for", "ved", "om", "som", "with", "by", "from", "at", "like", "about"}

// alsoWords are given names that are other words as well, so that a capital at the beginning says nothing: "Mark og have".
var alsoWords = []string{"adam", "ane", "bent", "bo", "dan", "else", "eva", "fie", "finn", "frank", "freja", "hans", "helle", "ib", "inge", "jan", "kaj", "karl", "kim", "lily", "line", "lis",
	"lærke", "maria", "mark", "mikkel", "morten", "otto", "ove", "palle", "pelle", "per", "rene", "rosa", "rune", "sally", "signe", "stig", "svend", "thor", "tim", "tom", "tue", "viktoria"}

// titles are words before a family name.
var titles = []string{"hr", "herr", "fru", "frk", "frøken", "mr", "mrs", "ms", "miss"}

// hasName reports whether words have a name in them.
func hasName(words string) bool {
	list := word.FindAllString(words, -1)
	shouts := words == strings.ToUpper(words) // capitals say nothing then
	for i, w := range list {
		var next, last string
		if i+1 < len(list) {
			next = list[i+1]
		}
		if i > 0 {
			last = strings.ToLower(list[i-1])
		}
		isCapital, isGiven := startsCapital(w) && !shouts, given[strings.ToLower(w)]
		switch {
		case next != "" && isGiven && (isFamily(next) || isCapital && startsCapital(next)),
			next != "" && isCapital && startsCapital(next) && isFamily(next),
			isGiven && isCapital && (slices.Contains(leadsToName, last) || !slices.Contains(alsoWords, strings.ToLower(w))),
			isCapital && slices.Contains(titles, last):
			return true
		}
	}
	return false
}

func startsCapital(w string) bool { return unicode.IsUpper([]rune(w)[0]) }

// isFamily reports whether a word is a common family name, or has its ending.
func isFamily(w string) bool {
	w = strings.ToLower(w)
	return family[w] || len(w) > len("olsen")-1 && strings.HasSuffix(w, "sen") && !slices.Contains(notFamily, w)
}

// notFamily are words with the ending of family names.
var notFamily = []string{"essen", "klassen", "kassen", "massen", "rejsen", "prisen", "krisen", "pausen", "basen", "fasen", "kursen", "bussen", "risen", "isen", "posen", "rosen"}

// isNamed reports whether words have the whole name of a person in them.
func isNamed(words, name string) bool {
	if len(strings.Fields(name)) < 2 { // one word may be any word
		return false
	}
	return strings.Contains(text.Skeleton(words), text.Skeleton(name))
}
