#!/usr/bin/env bash
# Sets the rate at which calls are logged beside the rate at which pgbench can insert the same rows, in interleaved rounds on
# one PostgreSQL that this script starts and ends. It listens on no network, only on a socket in a directory of its own.
#
#   scripts/pgbench.sh [rounds, 3] [seconds of pgbench in each, 5]
#
# DURABLE=1 keeps fsync on, as in production; without it the disk is left out, as in the tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-3} seconds=${2:-5} clients=8

bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1) || bin=$(dirname "$(command -v initdb)")

# PostgreSQL refuses to run as root, which lends it the account of Debian's package.
as=()
dir=$(mktemp -d)
if ((EUID == 0)); then
  as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  chown postgres: "$dir"
fi

stop() {
  "${as[@]}" "$bin/pg_ctl" stop -D "$dir/data" -m immediate -s || true
  rm -rf "$dir"
}
trap stop EXIT

# The settings of the private server, and without DURABLE those of the test server.
settings="-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=200 -c shared_buffers=32MB
  -c wal_level=minimal -c max_wal_senders=0 -c dynamic_shared_memory_type=mmap"
if [[ -z ${DURABLE:-} ]]; then
  settings+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
fi
"${as[@]}" "$bin/initdb" -D "$dir/data" -U callout -A trust -E UTF8 --locale=C --no-sync >/dev/null
"${as[@]}" "$bin/pg_ctl" start -D "$dir/data" -l "$dir/log" -s -w -o "$(tr '\n' ' ' <<<"$settings")" || {
  cat "$dir/log" >&2
  exit 1
}
export PGHOST=$dir PGUSER=callout
url="postgres:///postgres?host=$dir&user=callout"
"$bin/createdb" plain
DATABASE_URL="postgres:///plain?host=$dir&user=callout" CALLOUT_LOG_LEVEL=warn go run . migrate
"$bin/psql" -q -d plain <<'SQL'
INSERT INTO member (name, roles, state, timezone, created_at) VALUES ('Dora', '{dispatcher}', 'active', 'UTC', now());
INSERT INTO customer (name, search, active_at, created_at) SELECT 'Customer ' || i, '', now(), now() FROM generate_series(1, 200) AS i;
INSERT INTO equipment (customer_id, model, serial, created_at) SELECT id, 'Vela C301', 'S-' || id, now() FROM customer;
INSERT INTO contact (customer_id, name, created_at) SELECT id, 'Ann', now() FROM customer;
ANALYZE;
SQL

go test -c -o "$dir/bench" .
for ((round = 1; round <= rounds; round++)); do
  "$bin/pgbench" -n -M prepared -c $clients -j 2 -T "$seconds" -f scripts/pgbench.sql plain |
    awk -v r="$round" '/^tps/ { printf "round %d  pgbench %6.0f calls/s\n", r, $3 }'
  TEST_DATABASE_URL=$url "$dir/bench" -test.run xxx -test.bench 'SubmissionToCommit$' -test.benchtime 2x |
    awk -v r="$round" '/acks\/s/ && /^Benchmark/ { for (i = 2; i <= NF; i++) if ($i == "acks/s") printf "round %d  callout %6.0f calls/s\n", r, $(i-1) }'
done
