//go:build !unix

package storetest

import "errors"

func processDir() (string, error) {
	return "", errors.New("tests cannot start PostgreSQL on this system: set TEST_DATABASE_URL")
}
