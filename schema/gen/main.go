// Command gen makes graph/, and the stubs of resolvers/, of the schema: it is gqlgen,
// told by the house's convention which Go type stands behind a type of the schema.
//
// A type of schema/event.graphqls is one of package internal/event: the one of the
// same name (Attendance), or of the name without the noun (EventState is
// event.State, CreateEventInput event.CreateInput, EnrolInCourseInput
// course.EnrolInput). What another Go type stands behind is in gqlgen.yml. What
// none stands behind is made by gqlgen, in graph/model.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
)

func main() {
	log.SetOutput(io.Discard) // gqlgen tells what it is doing
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate() error {
	cfg, err := config.LoadConfig("gqlgen.yml")
	if err != nil {
		return err
	}
	if err := cfg.LoadSchema(); err != nil {
		return err
	}
	models, err := bind(cfg.Schema, exported)
	if err != nil {
		return err
	}
	for name, goType := range models {
		if !cfg.Models.UserDefined(name) {
			cfg.Models.Add(name, goType)
		}
	}
	if err := unbound(cfg.Schema, cfg.Models.UserDefined); err != nil {
		return err
	}
	return api.Generate(cfg)
}
