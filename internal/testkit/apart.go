package testkit

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// apart is the command that starts embedded databases in a process of their own. Their number
// follows it.
const apart = "go run -race=false faellesskab/internal/testkit/apart"

// startApart starts these databases. They end with this process, since their input is a pipe that
// closes then.
func startApart() (*servers, error) {
	words := append(strings.Fields(apart), strconv.Itoa(side))
	// No context ends it: it lives as long as the tests of this process do.
	cmd := exec.CommandContext(context.Background(), words[0], words[1:]...)
	cmd.Stderr = os.Stderr
	leash, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("%s: %w", apart, err)
	}
	s := &servers{says: "the embedded database, in a process of its own", hold: []io.Closer{leash, out}}
	for _, uri := range strings.Fields(line) {
		s.all = append(s.all, &place{uri: uri})
	}
	return s, nil
}
