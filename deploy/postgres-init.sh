#!/bin/sh
# Run once by the database's image, on an empty volume: Cairn's own role, which is no superuser, and its database.
# Encoding and locale are named: template1 has those of the machine on which the server was set up, which are
# SQL_ASCII where no language was. With these, text sorts alike everywhere.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$DB_PASSWORD" --username postgres <<'SQL'
CREATE ROLE cairn LOGIN PASSWORD :'password';
ALTER ROLE cairn SET timezone = 'UTC';
ALTER ROLE cairn SET statement_timeout = '5s';
ALTER ROLE cairn SET lock_timeout = '2s';
ALTER ROLE cairn SET idle_in_transaction_session_timeout = '10s';
CREATE DATABASE cairn OWNER cairn TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
SQL
