#!/bin/sh
# A new version with Compose, felt by nobody: one backend is made anew while the other answers, and then the other one.
# The first migrates; the other serves the former version meanwhile, on the new schema.
set -eu
cd "$(dirname -- "$0")/.."

compose() { docker compose -f docker-compose.prod.yml "$@"; }

compose build
# nginx knows those that were there when it was loaded, which may be one. A proxy that cannot is one that serves nobody.
compose exec -T proxy nginx -s reload || true
for backend in backend backend_2; do
    compose up --detach --no-deps --wait "$backend"
    # A container that is new may have another address; nginx asks for it when it is loaded, and finishes what it has begun.
    compose exec -T proxy nginx -s reload
done
# The worker, and whatever else has changed.
compose up --detach --wait
