# The terminal's shells on a machine that castdeck did not make, one after another: one that ends (exit, exec, set -e) is
# followed by a new one. Before each stands a mark with the exit status of the one before it; the first has none. $1 is
# their prompt; without it they are login shells, with their user's own.
status=
while :; do
    printf '\033]133;L;%s\007' "$status"
    if [ -n "$1" ]; then
        bash --rcfile <(printf 'PS1=%q\n' "$1") -i
    else
        bash --login -i
    fi
    status=$?
done
