package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// asProgram makes this test binary run as the program itself, in a process of its own.
const asProgram = "CALLOUT_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		os.Exit(0)
	}
	// Most stories wait for messages most of the time: more of them at once than there are processors save minutes.
	if f := flag.Lookup("test.parallel"); f != nil && f.Value.String() == f.DefValue {
		_ = f.Value.Set(strconv.Itoa(max(storiesAtOnce, runtime.GOMAXPROCS(0)))) // a number is always taken
	}
	os.Exit(m.Run())
}

// storiesAtOnce is how many tests run at once on a small machine, unless -parallel says otherwise.
const storiesAtOnce = 5

// settingNames are the variables the program reads; a developer's own must not reach a test.
var settingNames = []string{"CALLOUT_", "SLACK_", "TWILIO_", "SMTP_", "EMAIL_", "DISCORD_", "DATABASE_URL="}

// program is a command of the program in a process of its own, with these settings only.
func program(ctx context.Context, settings map[string]string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0], args...)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(line string) bool {
		return slices.ContainsFunc(settingNames, func(name string) bool { return strings.HasPrefix(line, name) })
	})
	cmd.Env = append(cmd.Env, asProgram+"=1")
	for name, value := range settings {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// said is what a process wrote.
type said struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all.String()
}
