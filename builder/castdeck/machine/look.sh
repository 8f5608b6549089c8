# Tells what the kernel knows of a terminal whose shell has the process id $1: the machine's boot, its processor, the
# terminal's mode, and of processes their state, their system call and where in the kernel they sleep. These are the
# shell and those it has started; or all of the machine, where one of the programs in $2 passes keys on, or not all of
# the terminal's foreground group come from the shell.
# It starts hardly any program: in an emulated machine each one takes longer than all that is read here.
read -r boot </proc/sys/kernel/random/boot_id && echo "$boot"
{ read -r processor </proc/sys/kernel/arch && echo "$processor"; } 2>/dev/null || uname -m
mode=$(stty -F "/proc/$1/fd/0" -a 2>/dev/null) && echo $mode || echo gone
told='' seen='' front='' left=$1 all=
while [ "$left" ] && [ ! "$all" ]; do
    process=${left%% *} left=${left#"${left%% *}"} left=${left# } stat='' call='' place=''
    read -r stat <"/proc/$process/stat" || continue
    read -r call <"/proc/$process/syscall"
    read -r place <"/proc/$process/wchan"
    told="$told/proc/$process/stat:$stat
/proc/$process/syscall:$call
/proc/$process/wchan:$place
"
    name=${stat#*(} name=${name%)*}
    case " $2 " in *" $name "*) all=1 ;; esac
    set -- "$1" "$2" ${stat##*) }
    seen="$seen $5 " front=${front:-$8}
    [ -e "/proc/$process/task/$process/children" ] || all=1
    for list in /proc/"$process"/task/*/children; do
        more=''
        read -r more <"$list"
        left="$left${left:+${more:+ }}$more"
    done
done 2>/dev/null
case "$seen" in *" $front "*) ;; *) all=1 ;; esac
if [ "$all" ]; then
    LC_ALL=C grep -sH '' /proc/[0-9]*/stat /proc/[0-9]*/syscall /proc/[0-9]*/wchan
else
    printf %s "$told"
fi
:
