package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// How long a child mongod may take.
const (
	mongodStart = 30 * time.Second
	mongodStop  = 15 * time.Second
)

// StartMongod starts the mongod at path as a child of this process, on loopback and a free port, as
// a replica set of one with its data in dataDir, and waits until it takes writes. stop asks it to
// end, and kills it after 15 s. The context limits only the start.
func StartMongod(ctx context.Context, path, dataDir string) (uri string, stop func() error, err error) {
	if err := os.MkdirAll(dataDir, 0o700); err != nil {
		return "", nil, fmt.Errorf("data folder of mongod: %w", err)
	}
	port, err := freePort()
	if err != nil {
		return "", nil, fmt.Errorf("find a port for mongod: %w", err)
	}
	child, err := startChild(path,
		"--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(port), "--dbpath", dataDir)
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, mongodStart)
	defer cancel()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	if err := initiate(ctx, child, address); err != nil {
		return "", nil, errors.Join(err, child.stop())
	}
	// A data folder that was used before remembers another port, and the set's
	// member list with it; a direct connection does not follow that list.
	return "mongodb://" + address + "/?directConnection=true", child.stop, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// child is a running mongod.
type child struct {
	cmd    *exec.Cmd
	output tail
	ended  chan struct{} // closed when the process has ended
	err    error         // how it has ended; read only after ended is closed
}

func startChild(path string, args ...string) (*child, error) {
	c := &child{cmd: exec.Command(path, args...), ended: make(chan struct{})}
	c.cmd.Stdout = &c.output
	c.cmd.Stderr = &c.output
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start mongod: %w", err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	return c, nil
}

func (c *child) stop() error {
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		_ = c.cmd.Process.Kill() // the process has gone already, or the system has no signals
	}
	select {
	case <-c.ended:
		return nil
	case <-time.After(mongodStop):
	}
	_ = c.cmd.Process.Kill()
	<-c.ended
	return errors.New("mongod did not stop when asked and was killed")
}

// initiate makes the replica set, or gives the one in the data folder its new
// address, and waits until it has a primary.
func initiate(ctx context.Context, c *child, address string) error {
	client, err := mongo.Connect(options.Client().
		ApplyURI("mongodb://" + address + "/?directConnection=true").
		SetServerSelectionTimeout(time.Second))
	if err != nil {
		return fmt.Errorf("connect to mongod: %w", err)
	}
	defer client.Disconnect(context.WithoutCancel(ctx))
	admin := client.Database("admin")

	var last error
	for {
		select {
		case <-c.ended:
			return fmt.Errorf("mongod ended at once: %w", errors.Join(c.err, errors.New(c.output.lastLine())))
		case <-ctx.Done():
			return fmt.Errorf("mongod is not ready: %w: %w", ctx.Err(), errors.Join(last, errors.New(c.output.lastLine())))
		case <-time.After(100 * time.Millisecond):
		}
		var hello struct {
			Primary bool `bson:"isWritablePrimary"`
		}
		last = admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello)
		if last != nil {
			continue
		}
		if hello.Primary {
			return nil
		}
		last = configure(ctx, admin, address)
	}
}

// configure is called until it succeeds. An existing set whose only member has another address can
// only be changed by force.
func configure(ctx context.Context, admin *mongo.Database, address string) error {
	var now struct {
		Config bson.M `bson:"config"`
	}
	err := admin.RunCommand(ctx, bson.D{{Key: "replSetGetConfig", Value: 1}}).Decode(&now)
	if err != nil {
		const notYetInitialized = 94
		var said mongo.ServerError
		if !errors.As(err, &said) || !said.HasErrorCode(notYetInitialized) {
			return err
		}
		return admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: bson.D{
			{Key: "_id", Value: "rs0"},
			{Key: "members", Value: bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: address}}}},
		}}}).Err()
	}
	members, _ := now.Config["members"].(bson.A)
	if len(members) != 1 {
		return fmt.Errorf("the data folder belongs to a replica set of %d", len(members))
	}
	member, _ := members[0].(bson.D)
	for i := range member {
		if member[i].Key != "host" {
			continue
		}
		if member[i].Value == address {
			return nil // an election is under way
		}
		member[i].Value = address
	}
	version, _ := now.Config["version"].(int32)
	now.Config["version"] = version + 1
	return admin.RunCommand(ctx, bson.D{
		{Key: "replSetReconfig", Value: now.Config},
		{Key: "force", Value: true},
	}).Err()
}

// tail keeps the end of the output of a process.
type tail struct {
	mu   sync.Mutex
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	const most = 8 << 10
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - most; over > 0 {
		t.kept = bytes.Clone(t.kept[over:])
	}
	return len(p), nil
}

func (t *tail) lastLine() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.kept)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
