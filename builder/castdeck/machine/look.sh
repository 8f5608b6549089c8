# Tells what the kernel knows of a terminal whose shell has the process id $1: the machine's boot, its processor, the
# terminal's mode, all processes, and the system calls of those on a terminal that may be looked at.
cat /proc/sys/kernel/random/boot_id
uname -m
stty -F "/proc/$1/fd/0" -a 2>/dev/null | grep -o '[-]*icanon' || echo gone
processes=$(cat /proc/[0-9]*/stat 2>/dev/null)
printf '%s\n' "$processes"
on_a_terminal='s/^\([0-9]*\) (.*) [A-Z] [-0-9]* [-0-9]* [-0-9]* [1-9][0-9]* .*/\/proc\/\1\/syscall \/proc\/\1\/wchan/p'
grep . $(printf '%s\n' "$processes" | sed -n "$on_a_terminal") /dev/null 2>/dev/null
:
