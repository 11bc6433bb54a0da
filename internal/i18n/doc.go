// Package i18n holds the texts people read, in Danish and English.
//
// Danish is the first language of all texts, and English the second. The program's own texts are in
// catalogs (texts/da.toml, texts/en.toml) and found by a key. A text that staff write in several
// languages is a Text. Names are sorted as Danes sort them, by a stored key.
package i18n
