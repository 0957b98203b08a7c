#!/bin/bash
# Entry point of PostgreSQL: it only takes a key that is its own and that nobody else may read.
set -euo pipefail
install -D -o postgres -g postgres -m 600 /run/secrets/postgres_key /var/run/postgresql/tls/key.pem
exec docker-entrypoint.sh "$@"
