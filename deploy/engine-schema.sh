#!/bin/sh
# Brings the engine's two databases to the version of this image; safe to run again.
# The databases themselves exist: their owner may not create any (deploy/stores.sh).
set -eu
SQL_PASSWORD=$(cat /run/secrets/engine_password)
export SQL_PASSWORD
for store in temporal visibility; do
    database=temporal
    [ "$store" = visibility ] && database=temporal_visibility
    temporal-sql-tool --db "$database" setup-schema -v 0.0
    temporal-sql-tool --db "$database" update-schema -d "/etc/temporal/schema/postgresql/v12/$store/versioned"
done
