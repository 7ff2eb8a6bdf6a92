package store

import (
	"context"
	"io/fs"
	"log/slog"
)

// MigrateFiles is Migrate with migrations of a test.
func MigrateFiles(ctx context.Context, address string, files fs.FS, log *slog.Logger) error {
	return explain(migrate(ctx, address, files, log))
}
