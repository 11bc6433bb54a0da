package config

import (
	"strings"
	"testing"
)

// The development server listens on this machine only, and works only on a database on it.
func TestDevelopmentStaysHere(t *testing.T) {
	for addr, here := range map[string]bool{
		"127.0.0.1:8080": true, "127.8.9.10:0": true, "[::1]:8080": true, "localhost:8080": true, "[::ffff:127.0.0.1]:80": true,
		":8080": false, "0.0.0.0:8080": false, "[::]:8080": false, "[::ffff:0.0.0.0]:80": false, "192.168.1.7:8080": false, "10.0.0.1:1": false,
		"[fe80::1%eth0]:80": false, "example.org:80": false, "localhost.example.org:80": false, "127.0.0.1.example.org:80": false,
		"0:80": false, "127.1:80": false, "2130706433:80": false, "myhost:80": false,
	} {
		wantReach(t, []string{"-addr", addr}, nil, "-addr", here)
	}
	for uri, here := range map[string]bool{
		"mongodb://localhost": true, "mongodb://127.0.0.1:27017": true, "mongodb://127.0.0.1,localhost:2,[::1]:3/db?replicaSet=rs0": true,
		"mongodb://ada:p%40ss@localhost/db": true, "mongodb://%2Ftmp%2Fmongodb-27017.sock": true, "mongodb://[::ffff:127.0.0.1]/": true,
		"mongodb://[::1]": true, "mongodb://u@%2ftmp%2fm.sock,127.0.0.1/?a=b": true,
		"mongodb://db.example.org": false, "mongodb://10.0.0.7:27017": false, "mongodb://127.0.0.1,db.example.org/db": false,
		"mongodb://db.example.org,127.0.0.1": false, "mongodb://localhost@db.example.org": false, "mongodb://u:127.0.0.1@db.example.org": false,
		"mongodb+srv://localhost": false, "mongodb+srv://u:p@cluster.example.org": false, "mongodb://127.0.0.1/?x=@db.example.org": false,
		"mongodb://u:p/w@db.example.org": false, "mongodb://u@127.0.0.1@db.example.org": false, "mongodb://127.0.0.1%2eexample.org": false,
		"mongodb://localhost.example.org": false, "mongodb://[::]": false, "mongodb://0.0.0.0": false, "mongodb://mongo:27017/?replicaSet=rs0": false,
	} {
		wantReach(t, nil, []string{"MONGODB_URI=" + uri}, "MONGODB_URI", here)
	}
}

// wantReach loads a configuration that must be refused unless it stays on this machine, and
// accepted in any case with the flag that allows it, and in production.
func wantReach(t *testing.T, args, environ []string, setting string, here bool) {
	t.Helper()
	_, err := Load(args, environ)
	if (err == nil) != here {
		t.Errorf("%v %v: %v, want it taken: %t", args, environ, err, here)
	}
	if err != nil && (!strings.Contains(err.Error(), setting) || !strings.Contains(err.Error(), "-allow-unsafe-development")) {
		t.Errorf("%v %v: the message is no help: %v", args, environ, err)
	}
	if _, err := Load(append([]string{"-allow-unsafe-development"}, args...), environ); err != nil {
		t.Errorf("%v %v, although asked for: %v", args, environ, err)
	}
	if _, err := Load(args, production(t, environ...)); err != nil {
		t.Errorf("%v %v in production: %v", args, environ, err)
	}
}

// If both the address and the database are elsewhere, the message names both. It repeats no
// password.
func TestReachIsExplained(t *testing.T) {
	_, err := Load([]string{"-addr", ":8080"}, []string{"MONGODB_URI=mongodb://ada:hunter2@db.example.org"})
	if err == nil || strings.Count(err.Error(), "\n") != 2 || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
}
