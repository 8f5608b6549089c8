# Tells what the kernel knows of a terminal whose shell has the process id $1: the machine's boot, its processor, the
# terminal's mode, all processes, and the system calls of those on a terminal that may be looked at. It starts hardly any
# program: in an emulated machine each one takes longer than all that is read here.
read -r boot </proc/sys/kernel/random/boot_id && echo "$boot"
{ read -r processor </proc/sys/kernel/arch && echo "$processor"; } 2>/dev/null || uname -m
mode=$(stty -F "/proc/$1/fd/0" -a 2>/dev/null) && echo $mode || echo gone
for process in /proc/[0-9]*; do
    read -r stat <"$process/stat" || continue
    printf '%s\n' "$stat"
    set -- ${stat##*) }
    [ "$5" -gt 0 ] || continue # no terminal
    read -r call <"$process/syscall" && echo "$process/syscall:$call"
    place=
    read -r place <"$process/wchan" || echo "$process/wchan:$place" # a line without an end
done 2>/dev/null
:
