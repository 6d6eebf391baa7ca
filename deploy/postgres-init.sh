#!/bin/sh
# Run once by the database's image, on an empty volume: Cairn's own role, which is no superuser.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE cairn LOGIN PASSWORD :'password';
ALTER ROLE cairn SET timezone = 'UTC';
ALTER ROLE cairn SET statement_timeout = '5s';
ALTER ROLE cairn SET lock_timeout = '2s';
ALTER ROLE cairn SET idle_in_transaction_session_timeout = '10s';
CREATE DATABASE cairn OWNER cairn;
SQL
