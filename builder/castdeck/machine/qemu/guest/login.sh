#!/bin/sh
# The terminal's shells, one after another: one that ends (exit, exec, set -e) is followed by a new one. Before each stands
# a mark with the exit status of the one before it; the machine's first has none.
. /usr/lib/castdeck/settings
export LANG="$CASTDECK_LOCALE"
ln --symbolic --force "$(tty)" /run/castdeck-terminal
stty cols 100 rows 24
status=
while :; do
    printf '\033]133;L;%s\007' "$status"
    runuser --login "$CASTDECK_USER" --whitelist-environment LANG
    status=$?
done
