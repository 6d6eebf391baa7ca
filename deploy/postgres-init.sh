#!/bin/sh
# Run once by the database's image, on an empty volume: Cairn's own role, which is no superuser, and its database.
# Encoding and locale are named: template1 has those of the machine on which the server was set up, which are
# SQL_ASCII where no language was. With these, text sorts alike everywhere. The role's settings are those that Cairn asks
# for itself (SESSION_SETTINGS in webapp/connections.py): a pooler may not pass them on.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE cairn LOGIN PASSWORD :'password';
ALTER ROLE cairn SET timezone = 'UTC';
ALTER ROLE cairn SET statement_timeout = '5s';
ALTER ROLE cairn SET lock_timeout = '1s';
ALTER ROLE cairn SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE cairn SET jit = 'off';
ALTER ROLE cairn SET max_parallel_workers_per_gather = '0';
ALTER ROLE cairn SET random_page_cost = '1.1';
ALTER ROLE cairn SET plan_cache_mode = 'force_generic_plan';
ALTER ROLE cairn SET gin_pending_list_limit = '256kB';
CREATE DATABASE cairn OWNER cairn TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
SQL
