package bot

import (
	"errors"
	"io"
	"strings"
	"testing"

	"callout/notify"
)

func TestAnUploadIsBounded(t *testing.T) {
	t.Parallel()
	for size, fits := range map[int]bool{0: true, 99: true, 100: true, 101: false, 100_000: false} {
		u := &Upload{Most: 100}
		_, err := io.Copy(u, io.LimitReader(strings.NewReader(strings.Repeat("x", size)), int64(size)))
		if (err == nil) != fits || fits && len(u.Bytes()) != size || len(u.Bytes()) > 100 {
			t.Errorf("of %d bytes, %d were taken: %v", size, len(u.Bytes()), err)
		}
		var refused *notify.Error
		if !fits && (!errors.As(err, &refused) || !refused.Permanent) {
			t.Errorf("%d bytes are refused with %v", size, err)
		}
	}
}
