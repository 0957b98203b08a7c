#!/bin/bash
# Run once, on an empty volume: the register and the engine each have a user of their own, and never meet.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres << 'SQL'
\set register `cat "$SECRETS"/register_password`
\set engine `cat "$SECRETS"/engine_password`
CREATE ROLE tacite LOGIN PASSWORD :'register';
CREATE ROLE temporal LOGIN PASSWORD :'engine';
CREATE DATABASE tacite OWNER tacite;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE CONNECT ON DATABASE tacite, temporal, temporal_visibility FROM PUBLIC;
SQL
# From the network under TLS only.
sed -i 's/^host all all all /hostssl all all all /' "$PGDATA/pg_hba.conf"
