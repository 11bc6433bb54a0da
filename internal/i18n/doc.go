// Package i18n holds the texts people read, in Danish and English.
//
// Danish is the first language of all texts, English the second. Texts of our
// own live in catalogs (texts/da.toml, texts/en.toml) and are found by a key;
// texts that staff write in several languages are a Text. Names are sorted as
// Danes sort them, by a stored key.
package i18n
