# Tells what the kernel knows of a terminal whose shell has the process id $1: the machine's boot, its processor, the
# terminal's mode, all processes, and the system calls of those that may be looked at.
cat /proc/sys/kernel/random/boot_id
uname -m
stty -F "/proc/$1/fd/0" -a 2>/dev/null | grep -o '[-]*icanon' || echo gone
cat /proc/[0-9]*/stat 2>/dev/null
grep . /proc/[0-9]*/syscall /proc/[0-9]*/wchan 2>/dev/null
:
