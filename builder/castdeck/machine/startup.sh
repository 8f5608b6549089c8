# What an interactive shell reads first on a machine that castdeck did not make, before the marks: the user's own files.
[ -r /etc/profile ] && . /etc/profile
for __castdeck_file in ~/.bash_profile ~/.bash_login ~/.profile; do
    [ -r "$__castdeck_file" ] && { . "$__castdeck_file"; break; }
done
[ -r ~/.bashrc ] && . ~/.bashrc
__castdeck_root() {
    local as_root=(sudo -n)
    [ "$(id -u)" = 0 ] && as_root=()
    "${as_root[@]}" bash -c 'exec bash --rcfile <(printf "%s\n" "$1") -i' bash "$__castdeck_for_root"
}
