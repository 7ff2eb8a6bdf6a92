package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"callout/bot"
)

// module is the import path that every package of ours begins with.
const module = "callout"

// arrow lets one package of ours import others.
type arrow struct {
	from string // and everything below it, if it ends with /...
	to   []string
	why  string
}

// arrows is the map of the program: which package of ours may import which others, in production code.
// A new package belongs on it; ARCHITECTURE.md draws it.
var arrows = []arrow{
	{"callout", []string{"..."}, "package main connects everything"},
	{
		"callout/bot",
		[]string{"callout/desk", "callout/notify", "callout/store"},
		"the conversation asks the desk; of notify and store it uses the plain records only, and it must serve every platform alike",
	},
	{"callout/bot/slackbot", []string{"callout/bot", "callout/bot/signed", "callout/notify"}, "a front end draws the conversation, and never meets the rules or another front end"},
	{"callout/bot/discordbot", []string{"callout/bot", "callout/bot/signed", "callout/notify"}, "a front end draws the conversation, and never meets the rules or another front end"},
	{"callout/bot/smsbot", []string{"callout/bot", "callout/notify"}, "a front end draws the conversation, and never meets the rules or another front end"},
	{"callout/bot/signed", nil, "how a request is read is the same whatever is in it"},
	{"callout/desk", []string{"callout/store"}, "the rules must hold however people and providers are reached"},
	{"callout/jobs", []string{"callout/desk", "callout/notify", "callout/reports", "callout/store"}, "a worker loads, lets the desk decide, and sends; how, only senders know"},
	{"callout/notify", nil, "a sender is told plain facts, so that it can be tried without a database"},
	{"callout/reports", nil, "a report is a pure function of its data"},
	{"callout/store", nil, "the database decides nothing, so it needs nobody"},
	{"callout/store/pg", nil, "running a server has nothing to do with what is in it"},
	{"callout/store/storetest", []string{"callout/store", "callout/store/pg"}, "it makes databases, and knows nothing of what they are for"},
	{"callout/internal/sandbox/...", []string{"callout/internal/sandbox/..."}, "a fake that shares our code shares our mistakes"},
	{"callout/internal/seed", []string{"callout/desk", "callout/store"}, "the made-up company is written as the desk would have, and knows no front end"},
}

// homes says where each library that speaks to the outside, or shapes how everything is built, may be imported.
// Tests may use any of them, as the other side of what they test.
var homes = []struct {
	library string // and everything below it
	homes   []string
	why     string
}{
	{"github.com/slack-go/slack", []string{"callout/bot/slackbot"}, "what Slack changes must change one package"},
	{"github.com/bwmarrin/discordgo", []string{"callout/bot/discordbot"}, "what Discord changes must change one package"},
	{"github.com/twilio/twilio-go", []string{"callout/notify", "callout/bot/smsbot"}, "texts go out in one package and come in at another; nobody else knows Twilio"},
	{"github.com/wneessen/go-mail", []string{"callout/notify"}, "e-mail goes out in one package"},
	{
		"github.com/jackc/pgx/v5",
		[]string{"callout/store/...", "callout/desk", "callout/jobs", "callout/internal/seed"},
		"SQL stays behind the desk; the desk and the queue need its transactions, and the seed writes a past that no rule would let through",
	},
	{"github.com/riverqueue/river", []string{"callout/store", "callout/desk", "callout/jobs"}, "the queue is fed in the desk's transactions and worked in jobs"},
	{"github.com/pressly/goose/v3", []string{"callout/store"}, "migrations are the store's"},
	{"github.com/prometheus/client_golang", []string{"callout"}, "package main measures; nobody else needs to know that they are watched"},
	{"github.com/alecthomas/kong", []string{"callout"}, "only package main has a command line"},
	{"golang.org/x/crypto/acme", []string{"callout"}, "only package main listens to the outside"},
	{"github.com/emersion/go-smtp", []string{"callout/internal/sandbox/mail"}, "the only mail server is the sandbox's"},
	{"github.com/chromedp", []string{"callout/internal/sandbox/web/webtest"}, "only tests drive a browser"},
	{"github.com/google/go-cmp", nil, "only tests compare"},
	{"callout/store/storetest", nil, "only tests have databases made for them"},
	{"testing", []string{"callout/store/storetest", "callout/internal/sandbox/web/webtest"}, "only tests test"},
}

// closed says which parts of the standard library a package must do without.
var closed = []struct {
	who     string
	without []string
	why     string
}{
	{"callout/desk", []string{"net/http", "database/sql", "os", "html/template"}, "the rules know no web, no files and no environment"},
	{"callout/bot", []string{"net/http", "database/sql", "os"}, "the conversation is the same on every platform, and those speak HTTP, not it"},
	{"callout/jobs", []string{"net/http", "database/sql", "os"}, "a worker sends through notify"},
	{"callout/reports", []string{"net/http", "net", "os", "database/sql", "log/slog", "math/rand/v2"}, "the same data must make the same bytes"},
	{"callout/notify", []string{"database/sql", "os"}, "a sender is given what it needs"},
}

// unit is one package directory: what its production files and its tests import.
type unit struct {
	path        string
	production  map[string]string // import path to a file that has it
	tests       map[string]string
	handWritten []string
}

func TestArrows(t *testing.T) {
	t.Parallel()
	for _, u := range units(t) {
		if len(u.production) == 0 && len(u.handWritten) == 0 {
			continue // tests alone
		}
		i := slices.IndexFunc(arrows, func(a arrow) bool { return within(u.path, a.from) })
		if i < 0 {
			t.Errorf("package %s is not on the map: give it a row in arrows, with the reason for what it may import", u.path)
			continue
		}
		for imported, file := range u.production {
			if ours(imported) && !withinAny(imported, arrows[i].to) {
				t.Errorf("%s imports %s, which %s may not: %s", file, imported, u.path, arrows[i].why)
			}
		}
	}
}

func TestHomes(t *testing.T) {
	t.Parallel()
	all := units(t)
	for _, h := range homes {
		for _, u := range all {
			if withinAny(u.path, h.homes) {
				continue
			}
			for imported, file := range u.production {
				if below(imported, h.library) {
					t.Errorf("%s imports %s, whose home is %v: %s", file, imported, h.homes, h.why)
				}
			}
		}
	}
}

func TestClosed(t *testing.T) {
	t.Parallel()
	all := units(t)
	for _, c := range closed {
		i := slices.IndexFunc(all, func(u unit) bool { return u.path == c.who })
		if i < 0 {
			t.Errorf("there is no package %s any more: drop its row", c.who)
			continue
		}
		for imported, file := range all[i].production {
			if slices.Contains(c.without, imported) {
				t.Errorf("%s imports %s, which %s does without: %s", file, imported, c.who, c.why)
			}
		}
	}
}

// TestSandboxStandsAlone holds the sandbox's tests to the same rule: a fake must be tried with the vendors' own clients.
func TestSandboxStandsAlone(t *testing.T) {
	t.Parallel()
	for _, u := range units(t) {
		if !below(u.path, "callout/internal/sandbox") {
			continue
		}
		for imported, file := range u.tests {
			if ours(imported) && !below(imported, "callout/internal/sandbox") {
				t.Errorf("%s imports %s: the sandbox is tried with the vendors' clients, not with ours", file, imported)
			}
		}
	}
}

// Files aim at fileLines; past fileMost a second thing hides in them.
const (
	fileLines = 300
	fileMost  = 350
)

func TestFileLengths(t *testing.T) {
	t.Parallel()
	for _, u := range units(t) {
		for _, file := range u.handWritten {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			switch n := bytes.Count(text, []byte("\n")); {
			case n > fileMost:
				t.Errorf("%s has %d lines; past %d ask what second thing is in there", file, n, fileMost)
			case n > fileLines:
				t.Logf("%s has %d lines; we aim at %d", file, n, fileLines)
			}
		}
	}
}

// TestReadme keeps the tables of settings and commands complete, and free of names that do not exist.
func TestReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if os.IsNotExist(err) {
		t.Skip("there is no README.md yet")
	}
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]bool{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Config]()) {
		for name := range strings.SplitSeq(field.Tag.Get("env"), ",") {
			settings[name] = name != ""
		}
	}
	written := regexp.MustCompile(`\b(?:CALLOUT|DATABASE|SLACK|TWILIO|SMTP|EMAIL|DISCORD)_[A-Z_]*[A-Z]\b`).FindAllString(string(text), -1)
	for name, real := range settings {
		if real && !slices.Contains(written, name) {
			t.Errorf("README.md does not name the setting %s", name)
		}
	}
	for _, name := range written {
		if !settings[name] {
			t.Errorf("README.md names %s, which is no setting", name)
		}
	}
	for _, c := range bot.New(bot.Options{}).Commands() {
		shown := `/` + c.Name + `\b`
		if c.Sub {
			shown = `/callout\b.*\b` + c.Name + `\b` // one line may name several
		}
		if !regexp.MustCompile(shown).Match(text) {
			t.Errorf("README.md does not name the command %s", c.Name)
		}
	}
}

// units reads the imports of every package of the module.
func units(t *testing.T) []unit {
	t.Helper()
	byDir := map[string]*unit{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if file != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || isModule(file)) {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(file) != ".go" {
			return nil
		}
		dir := filepath.ToSlash(filepath.Dir(file))
		if byDir[dir] == nil {
			byDir[dir] = &unit{path: path.Join(module, dir), production: map[string]string{}, tests: map[string]string{}}
		}
		return byDir[dir].add(file)
	})
	if err != nil {
		t.Fatal(err)
	}
	all := make([]unit, 0, len(byDir))
	for _, u := range byDir {
		all = append(all, *u)
	}
	if len(all) < 10 {
		t.Fatalf("only %d packages were found: is this the top of the module?", len(all))
	}
	return all
}

func (u *unit) add(file string) error {
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	imports := u.production
	switch {
	case strings.HasSuffix(file, "_test.go"):
		imports = u.tests
	case !ast.IsGenerated(parsed):
		u.handWritten = append(u.handWritten, file)
	}
	for _, i := range parsed.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return err
		}
		imports[name] = file
	}
	return nil
}

// isModule reports whether a directory is a module of its own, as those of the tools are.
func isModule(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil
}

func ours(imported string) bool { return below(imported, module) }

func below(imported, root string) bool {
	return imported == root || strings.HasPrefix(imported, root+"/")
}

// within reports whether a package is the one that a pattern names; a pattern that ends with ... also names all below it.
func within(imported, pattern string) bool {
	if pattern == "..." {
		return true
	}
	root, all := strings.CutSuffix(pattern, "/...")
	return imported == root || all && below(imported, root)
}

func withinAny(imported string, patterns []string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return within(imported, p) })
}
