# Runs castdeck's own commands inside a sandbox, beside the terminal. $1 is an open socket; each line that comes from it is
# a script and its input, the answer a line with the exit status and what was printed (all in base64).
while read -r script given <&"$1"; do
    printed=$(base64 -d <<<"$given" | sh -c "$(base64 -d <<<"$script")" 2>&1 | base64 -w0; exit "${PIPESTATUS[1]}")
    echo "$? $printed" >&"$1"
done
