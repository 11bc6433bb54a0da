package mongodb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Capabilities are the abilities of this database that not every database has.
// They are found by asking the server, never by its name.
type Capabilities struct {
	ChangeStreams bool // it reports changes as they happen
	TTL           bool // it removes expired documents itself
	Partial       bool // its indexes can leave out documents by a condition
	Validators    bool // it checks documents against a schema
	Explain       bool // it says how it carries out a query, with figures
	// SoleWriter says that the database runs inside this process, so that no other
	// process writes to it.
	SoleWriter bool
	Server     string // name and version, for the log only
}

// scratch is how the names of scratch collections begin. A process that dies may leave
// one, and it holds nothing.
const scratch = "scratch_"

// Capabilities asks once, by trying things in a scratch collection that it
// removes again, and remembers.
func (db *DB) Capabilities(ctx context.Context) (Capabilities, error) {
	db.mu.Lock()
	known := db.able
	db.mu.Unlock()
	if known != nil {
		return *known, nil
	}
	found, err := db.tryOut(ctx)
	if err != nil {
		return Capabilities{}, Translate("ask for capabilities", err)
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	db.able = &found
	return found, nil
}

func (db *DB) tryOut(ctx context.Context) (c Capabilities, err error) {
	if c.ChangeStreams, err = db.hasChangeStreams(ctx); err != nil {
		return c, err
	}
	if c.Server, err = db.server(ctx); err != nil {
		return c, err
	}
	if c.SoleWriter, err = db.isInside(ctx); err != nil {
		return c, err
	}
	scratch := db.Collection(scratch + bson.NewObjectID().Hex())
	defer func() {
		// The scratch collection must not stay, even if the caller has given up.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), operationTimeout)
		defer cancel()
		_ = scratch.Drop(ctx)
	}()
	validator := bson.D{
		{Key: "create", Value: scratch.Name()},
		{Key: "validator", Value: bson.D{{Key: "$jsonSchema", Value: bson.D{{Key: "bsonType", Value: "object"}}}}},
	}
	if c.Validators, err = works(db.database.RunCommand(ctx, validator).Err()); err != nil {
		return c, err
	}
	minute := time.Minute
	for able, index := range map[*bool]Index{
		&c.TTL:     {Keys: bson.D{{Key: "at", Value: 1}}, ExpireAfter: &minute},
		&c.Partial: {Keys: bson.D{{Key: "of", Value: 1}}, Having: "of"},
	} {
		_, err = scratch.Indexes().CreateOne(ctx, index.model(Capabilities{TTL: true, Partial: true}))
		if *able, err = works(err); err != nil {
			return c, err
		}
	}
	c.Explain, err = db.explains(ctx, scratch.Name())
	return c, err
}

// hasChangeStreams asks whether the server is a member of a replica set or the router
// of a sharded cluster: both have change streams.
func (db *DB) hasChangeStreams(ctx context.Context) (bool, error) {
	var hello struct {
		SetName string `bson:"setName"`
		Msg     string `bson:"msg"`
	}
	err := db.client.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
	return hello.SetName != "" || hello.Msg == "isdbgrid", err
}

// server is the database's name and version.
func (db *DB) server(ctx context.Context) (string, error) {
	var build struct {
		Version string `bson:"version"`
		Ferret  string `bson:"ferretdbVersion"`
	}
	err := db.client.Database("admin").RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build)
	if build.Ferret != "" {
		return "FerretDB, speaking MongoDB " + build.Version, err
	}
	return "MongoDB " + build.Version, err
}

// explains asks whether the database says how it carries out a query, with figures.
// An answer without figures is of no use.
func (db *DB) explains(ctx context.Context, collection string) (bool, error) {
	explain := bson.D{
		{Key: "explain", Value: bson.D{{Key: "find", Value: collection}, {Key: "filter", Value: bson.D{}}}},
		{Key: "verbosity", Value: "executionStats"},
	}
	plan, err := db.database.RunCommand(ctx, explain).Raw()
	if told, err := works(err); err != nil || !told {
		return false, err
	}
	_, err = plan.LookupErr("executionStats", "totalDocsExamined")
	return err == nil, nil
}

// process is a process on a machine.
type process struct {
	Host    string `bson:"host"`
	Program string `bson:"process"`
	PID     int64  `bson:"pid"`
}

// isInside asks whether the database runs inside this process: it then reports this
// process's id, program and machine. A database that reports none is taken to run elsewhere.
func (db *DB) isInside(ctx context.Context) (bool, error) {
	var says process
	err := db.client.Database("admin").RunCommand(ctx, bson.D{{Key: "serverStatus", Value: 1}}).Decode(&says)
	if told, err := works(err); err != nil || !told {
		return false, err
	}
	return says.isThis(), nil
}

// isThis reports whether it is this process. Containers side by side may have one name, and in each of them the first
// process has the id 1, so the program must be this one too.
func (p process) isThis() bool {
	host, err := os.Hostname()
	program, unknown := os.Executable()
	return err == nil && unknown == nil && p == process{host, filepath.Base(program), int64(os.Getpid())}
}

// works tells a database that says no from one that could not be asked. It returns
// an error for the second only.
func works(err error) (bool, error) {
	var said mongo.ServerError
	switch {
	case err == nil:
		return true, nil
	case errors.As(err, &said) && !isUnavailable(err):
		return false, nil
	}
	return false, err
}
