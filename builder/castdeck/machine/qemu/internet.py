"""A guest's internet access: QEMU's user network stack in a separate process, behind a packet filter in the kernel.

That process runs no guest. It turns the guest's frames into ordinary connections of an unprivileged user, and does not
listen. The filter of `castdeck.machine.qemu.boundary` is between it and the guest's network card, and is updated
whenever this computer's own networks change. https://www.qemu.org/docs/master/system/invocation.html#hxtool-5 (-netdev)
"""

import socket
import subprocess
import sys
from collections.abc import Iterable
from contextlib import ExitStack, closing
from functools import lru_cache
from ipaddress import IPv4Network
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.qemu.boundary import NOTHING, attach, incoming, outgoing
from castdeck.machine.qemu.command import SANDBOX, emulator
from castdeck.machine.qemu.own_networks import RouteWatch, own_networks
from castdeck.machine.unprivileged import limited, unprivileged

_MEMORY = 1 << 30  # bytes of address space for the network stack
_LARGEST_FILE = 1 << 20
_PROCESSES = 256  # threads: the limit of machines, which run as the same user


def require_internet() -> None:
    """Check the requirements for filtered internet access. Raises MachineError with a remedy."""
    if sys.platform != "linux":
        raise MachineError(
            'network = "internet" works on Linux only, whose kernel filters the packets',
            hint="use an ssh machine",
        )
    if not has_user_network(emulator()):
        raise MachineError(
            'network = "internet" needs a user network, which this QEMU was built without',
            hint="castdeck machine doctor says more",
        )
    own_networks()


@lru_cache(maxsize=1)
def has_user_network(program: str) -> bool:
    """Whether QEMU was built with libslirp."""
    done = subprocess.run([program, "-M", "none", "-netdev", "help"], capture_output=True, text=True, check=False)
    return "user" in done.stdout.split()


class Internet:
    """Internet access for one guest, whose machine uses the run folder `folder`. Raises MachineError.

    Ended by `close`, or with castdeck.
    """

    def __init__(self, folder: Path) -> None:
        with ExitStack() as made:
            ends = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._guest, self._stack = (made.enter_context(end) for end in ends)
            self._log = made.enter_context((folder / "internet.log").open("w+"))
            try:
                self._close_off(own_networks())
            except OSError as error:
                raise MachineError(f"this system can't filter what a guest sends: {error}") from error
            made.enter_context(closing(RouteWatch(self._renew)))
            self._process = subprocess.Popen(
                _command(self._stack.fileno()),
                pass_fds=[self._stack.fileno()],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
                start_new_session=True,
            )
            self._made = made.pop_all()

    @property
    def guest_end(self) -> int:
        """The open descriptor of the socket for the guest's network card."""
        return self._guest.fileno()

    def require_running(self) -> None:
        """Raises MachineError if the network stack has ended unexpectedly."""
        if self._process.poll() is not None:
            self._log.seek(0)
            raise MachineError(f"its network stack did not start: {self._log.read().strip()[-800:]}")

    def close(self) -> None:
        """End it. Idempotent."""
        self._process.kill()
        self._process.wait()
        self._made.close()

    def _renew(self) -> None:
        """Update the filter after a change of networks. If they can't be determined, block everything."""
        try:
            self._close_off(own_networks())
        except (MachineError, OSError):
            attach(NOTHING, self._stack)
            attach(NOTHING, self._guest)

    def _close_off(self, networks: Iterable[IPv4Network]) -> None:
        closed = tuple(networks)
        attach(outgoing(closed), self._stack)
        attach(incoming(closed), self._guest)


def _command(end: int) -> list[str]:
    """QEMU without a guest: a hub between the guest's frames and the user network stack."""
    return [
        *unprivileged(),
        *limited(_LARGEST_FILE, _MEMORY, _PROCESSES),
        *(emulator(), "-M", "none", "-accel", "tcg,tb-size=1", "-nodefaults", "-no-user-config", "-display", "none"),
        *("-netdev", f"socket,id=guest,fd={end}", "-netdev", "hubport,hubid=0,id=near,netdev=guest"),
        *("-netdev", "user,id=internet,ipv6=off", "-netdev", "hubport,hubid=0,id=far,netdev=internet"),
        *SANDBOX,
    ]
