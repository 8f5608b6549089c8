# Runs castdeck's own commands inside a sandbox, beside the terminal. $1 is an open socket; each line that comes from it is
# a number, a time limit in seconds, a script and its input, the answer a line with the number, the exit status and what
# was printed (texts in base64).
while read -r number limit script stdin <&"$1"; do
    printed=$(base64 -d <<<"$stdin" | timeout -k 1 "$limit" sh -c "$(base64 -d <<<"$script")" 2>&1 | base64 -w0; exit "${PIPESTATUS[1]}")
    echo "$number $? $printed" >&"$1"
done
