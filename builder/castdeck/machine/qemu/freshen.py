"""Gives a clone what must differ between clones of one state: the time, randomness and a machine id.

If the guest has Perl, that takes one program; in an emulated guest, each program takes a tenth of a second to start.
The kernel reseeds its random numbers at once only after an ioctl (RNDRESEEDCRNG of random(4)), for which the shell has
no command. The numbers of clock_settime are those of Linux's system call tables.
"""

import os
import time

from castdeck.machine.qemu.agent import AgentRefused, GuestAgent

_CLOCK_SETTIME = {"amd64": 227, "arm64": 112}
_PERL = """
my ($clock_settime, $seconds, $nanoseconds, $seed) = @ARGV;
syscall($clock_settime, 0, pack("qq", $seconds, $nanoseconds));
open(my $random, ">", "/dev/urandom") or die;
syswrite($random, $seed) and ioctl($random, 0x5207, 0) or die;
open(my $ids, "<", "/proc/sys/kernel/random/uuid") or die;
(my $now = <$ids>) =~ tr/-//d;
open(my $file, "+<", "/etc/machine-id") or exit;
my $before = <$file>;
seek($file, 0, 0) and print($file $now) and close($file) or die;
chomp($now, $before);
rename("$_/$before", "$_/$now") for "/run/log/journal", "/var/log/journal";
"""
_SHELL = """
date -s @{seconds} >/dev/null
echo {seed} >/dev/urandom
before=$(cat /etc/machine-id) now=$(tr -d - </proc/sys/kernel/random/uuid)
echo "$now" >/etc/machine-id
for journals in /run/log/journal /var/log/journal; do
    if [ -d "$journals/$before" ]; then mv "$journals/$before" "$journals/$now"; fi
done
"""
_SEED = 64  # bytes


def freshen(agent: GuestAgent, architecture: str, timeout: float) -> None:
    """Freshen a guest of an architecture (Debian's name) within `timeout` seconds. Raises MachineError."""
    seconds, nanoseconds = divmod(time.time_ns(), 10**9)
    seed = os.urandom(_SEED).hex()
    told = (str(_CLOCK_SETTIME[architecture]), str(seconds), str(nanoseconds), seed)
    try:
        agent.run("perl", "-e", _PERL, *told, timeout=timeout)
    except AgentRefused:  # there is no Perl
        agent.run("/bin/sh", "-c", _SHELL.format(seconds=seconds, seed=seed), timeout=timeout)
