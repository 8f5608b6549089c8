#!/bin/sh
# The terminal's shells, one after another: one that ends (exit, exec, set -e) is followed by a new one, after the mark
# that says with which status it ended.
ln --symbolic --force "$(tty)" /run/castdeck-terminal
stty cols 100 rows 24
while :; do
    runuser --login student --whitelist-environment LANG
    printf '\033]133;D;%s\007' "$?"
done
