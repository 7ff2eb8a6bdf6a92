//go:build unix

package pg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who runs the server. PostgreSQL refuses to run as root, so root lends it another one.
type account struct {
	uid, gid uint32
	name     string
	other    bool // not the account of this process
}

// accountFor chooses the owner of an existing cluster, else this process's account, and for root postgres or nobody.
func accountFor(dir string) (account, error) {
	self := uint32(os.Geteuid())
	owner, exists, err := ownerOf(filepath.Join(dir, dataDir))
	if err != nil {
		return account{}, err
	}
	switch {
	case exists && owner.uid == 0:
		return account{}, fmt.Errorf("%s belongs to root, as which PostgreSQL refuses to run: give it to another account", filepath.Join(dir, dataDir))
	case exists && self != 0 && owner.uid != self:
		return account{}, fmt.Errorf("the cluster in %s belongs to %s: run callout as that account, or set DATABASE_URL", dir, owner.name)
	case exists:
		owner.other = owner.uid != self
		return owner, nil
	case self != 0:
		return account{uid: self, gid: uint32(os.Getegid()), name: strconv.Itoa(int(self))}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if found, err := lookup(name); err == nil && found.uid != 0 {
			return found, nil
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and there is no account postgres or nobody to run it: run callout as another user, or set DATABASE_URL")
}

func ownerOf(path string) (account, bool, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return account{}, false, nil
	}
	if err != nil {
		return account{}, false, err
	}
	stat := info.Sys().(*syscall.Stat_t)
	owner := account{uid: stat.Uid, gid: stat.Gid, name: strconv.Itoa(int(stat.Uid))}
	if known, err := user.LookupId(owner.name); err == nil {
		owner.name = known.Username
	}
	return owner, true, nil
}

func lookup(name string) (account, error) {
	known, err := user.Lookup(name)
	if err != nil {
		return account{}, err
	}
	uid, err := strconv.ParseUint(known.Uid, 10, 32)
	if err != nil {
		return account{}, err
	}
	gid, err := strconv.ParseUint(known.Gid, 10, 32)
	if err != nil {
		return account{}, err
	}
	return account{uid: uint32(uid), gid: uint32(gid), name: name, other: true}, nil
}

// credential returns what a child process needs to run as this account; nil keeps ours.
func (a account) credential() *syscall.Credential {
	if !a.other {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// own gives path to the account.
func (a account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// canReach checks that the account may enter every directory above dir.
func (a account) canReach(dir string) error {
	for parent := filepath.Dir(dir); ; parent = filepath.Dir(parent) {
		info, err := os.Stat(parent)
		if err != nil {
			return err
		}
		stat := info.Sys().(*syscall.Stat_t)
		bit := fs.FileMode(0o001)
		switch {
		case stat.Uid == a.uid:
			bit = 0o100
		case stat.Gid == a.gid:
			bit = 0o010
		}
		if a.other && info.Mode().Perm()&bit == 0 {
			return fmt.Errorf("the account %s, which runs PostgreSQL, may not enter %s: choose a data directory elsewhere, such as /var/lib/callout, or set DATABASE_URL", a.name, parent)
		}
		if parent == filepath.Dir(parent) {
			return nil
		}
	}
}
