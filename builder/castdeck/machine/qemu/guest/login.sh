#!/bin/sh
# The terminal's shells, one after another: one that ends (exit, exec, set -e) is followed by a new one, after the mark
# that says with which status it ended.
. /usr/lib/castdeck/settings
export LANG="$CASTDECK_LOCALE"
ln --symbolic --force "$(tty)" /run/castdeck-terminal
stty cols 100 rows 24
while :; do
    runuser --login "$CASTDECK_USER" --whitelist-environment LANG
    printf '\033]133;D;%s\007' "$?"
done
