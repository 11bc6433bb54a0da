// Command gen makes graph/, and the stubs of resolvers/, from the schema. It is gqlgen, with a
// convention that finds the Go type for each type of the schema.
//
// The Go type for a type in schema/event.graphqls is in package internal/event. It has the same name
// (Attendance), or the name without the noun (EventState is event.State, CreateEventInput
// event.CreateInput, EnrolInCourseInput course.EnrolInput). Exceptions are in gqlgen.yml. Types
// without a Go type are made by gqlgen, in graph/model.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"slices"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

func main() {
	log.SetOutput(io.Discard) // gqlgen logs each step
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
	plain := plainFields{}
	if err := api.Generate(cfg, api.AddPlugin(objectsOnly{}), api.AddPlugin(plain)); err != nil {
		return err
	}
	return rewrite(cfg.Exec.DirName, plain)
}

// objectsOnly lets gqlgen tell apart only objects where the schema gives an interface or a
// union. Otherwise it also looks for the Go type of an interface that implements another one,
// as Booking implements Node, and writes code for it that does not compile.
type objectsOnly struct{}

// Name is the plugin's name.
func (objectsOnly) Name() string { return "objects only" }

// MutateConfig takes the interfaces out of the possible types.
func (objectsOnly) MutateConfig(cfg *config.Config) error { //nolint:unparam // gqlgen asks for an error
	for name, types := range cfg.Schema.PossibleTypes {
		cfg.Schema.PossibleTypes[name] = slices.DeleteFunc(types, func(t *ast.Definition) bool { return t.Kind == ast.Interface })
	}
	return nil
}
