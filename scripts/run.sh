#!/usr/bin/env bash
# Runs the service on the sample ledger: run.sh PATH-TO-TALLY
#
# As root, PostgreSQL runs as user postgres, who often cannot access a checkout below /root or a
# private home directory. In that case the data goes to /var/lib/tally, unless a directory was
# given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ $EUID -eq 0 && -z ${TALLY_DATABASE_URL:-} && -z ${TALLY_DATA_DIR:-} ]] \
    && ! setpriv --reuid postgres --regid postgres --init-groups test -x "$PWD"; then
    export TALLY_DATA_DIR=/var/lib/tally
    echo "User postgres cannot reach $PWD, so the data is kept in $TALLY_DATA_DIR;" \
        "use the other commands with --data-dir $TALLY_DATA_DIR."
fi

exec "$1" serve --sample
