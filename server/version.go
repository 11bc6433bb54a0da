package main

import (
	"cmp"
	"runtime/debug"
	"strings"
)

// version says which version this is: the release or commit that Go has noted when it built the
// program, and with which Go. A program that was built without them says so.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "server, built without notes"
	}
	return versionOf(info)
}

func versionOf(info *debug.BuildInfo) string {
	noted := map[string]string{}
	for _, s := range info.Settings {
		noted[s.Key] = s.Value
	}
	words := []string{"server", cmp.Or(info.Main.Version, "(devel)")}
	if revision := noted["vcs.revision"]; revision != "" {
		words = append(words, "commit", revision, noted["vcs.time"])
		if noted["vcs.modified"] == "true" {
			words = append(words, "with changes")
		}
	} else {
		words = append(words, "of an unknown commit,")
	}
	return strings.Join(append(words, "built with", info.GoVersion), " ")
}
