# Tells what the kernel knows of a terminal whose shell has the process id $1: the machine's boot, its processor, the
# terminal's mode, and of each process its state, its system call and where in the kernel it sleeps. It starts hardly any
# program: in an emulated machine each one takes longer than all that is read here. (The shell's own `read` asks the
# kernel for each byte by itself.)
read -r boot </proc/sys/kernel/random/boot_id && echo "$boot"
{ read -r processor </proc/sys/kernel/arch && echo "$processor"; } 2>/dev/null || uname -m
mode=$(stty -F "/proc/$1/fd/0" -a 2>/dev/null) && echo $mode || echo gone
LC_ALL=C grep -sH '' /proc/[0-9]*/stat /proc/[0-9]*/syscall /proc/[0-9]*/wchan
:
