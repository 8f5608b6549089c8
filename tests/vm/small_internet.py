"""An internet, a LAN and a computer in it, of network namespaces: for what must not leave this machine. Root only.

The computer (`Computer.enter`) has a LAN that is private, one that is public, addresses of its own, and servers that
its user runs for itself. All listen on every address, and write down which was reached: PLACE PROTOCOL ADDRESS.
"""

import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

PORT = 8080
PUBLIC = ("203.0.113.10", "198.51.100.20")
NAMES = {"public.test": PUBLIC[0], "rebound.test": "192.168.7.9", "loopback.test": "127.0.0.1"}
OTHERS = {  # where the guest must not get
    "the gateway of its own network": "10.0.2.2",
    "another port of its name server": "10.0.2.3",
    "another address there": "10.0.2.4",
    "loopback": "127.0.0.1",
    "this computer": "192.168.7.2",
    "this computer's public address": "192.0.2.2",
    "an address that it has beside": "198.51.100.77",
    "the LAN's router": "192.168.7.1",
    "a neighbour": "192.168.7.9",
    "a neighbour with a public address": "192.0.2.9",
    "the cloud's metadata": "169.254.169.254",
    "a company's network": "10.9.9.9",
    "another": "172.20.0.9",
    "a carrier's network": "100.64.0.9",
}
OTHERS_OF_IPV6 = ("fd00:7::9", "2001:db8::9")
_PKTINFO = 8  # IP_PKTINFO: the address that a datagram was sent to
_OUTSIDE = [*PUBLIC, "192.168.7.9", "192.0.2.9", "169.254.169.254", "10.9.9.9", "172.20.0.9", "100.64.0.9"]
_SETUP = """
set -e
ip link set lo up
ip link add lan type veth peer name lan netns "$1"
ip address add 192.168.7.2/24 dev lan
ip address add 192.0.2.2/24 dev lan
ip address add 198.51.100.77/32 dev lo
ip -6 address add fd00:7::2/64 dev lan nodad
ip link set lan up
ip route add default via 192.168.7.1
ip -6 route add default via fd00:7::9
mount --bind "$2" /etc/resolv.conf
exec "$3" "$4" computer "$5"
"""
_OUTSIDE_SETUP = """
set -e
ip link set lo up
ip address add 192.168.7.1/24 dev lan
for address in $1; do ip address add "$address/32" dev lan; done
ip -6 address add fd00:7::9/64 dev lan nodad
ip -6 address add 2001:db8::9/128 dev lan nodad
ip link set lan up
ip route add 192.0.2.2/32 dev lan
"""


@dataclass(frozen=True)
class Computer:
    """`enter` is what stands before a command that is to run on it, in `folder`; `reached` tells what was, anywhere."""

    folder: Path
    enter: tuple[str, ...]
    log: Path

    def reached(self) -> set[tuple[str, ...]]:
        return {tuple(line.split()) for line in self.log.read_text().splitlines()}


@contextmanager
def computer(folder: Path) -> Iterator[Computer]:
    """The computer, with all around it, as long as the block lasts; `folder` is for its files."""
    log, resolver = folder / "reached", folder / "resolv.conf"
    log.touch()
    resolver.write_text("nameserver 192.168.7.1\n")
    server = [sys.executable, __file__]
    with ExitStack() as stack:
        outside = _held(stack, ["unshare", "--net", *server, "outside", str(log)])
        inside = _held(
            stack,
            ["unshare", "--net", "--mount", "sh", "-c", _SETUP, "sh", str(outside), str(resolver), *server, str(log)],
        )
        around = ["nsenter", f"--net=/proc/{outside}/ns/net", "sh", "-c", _OUTSIDE_SETUP, "sh", " ".join(_OUTSIDE)]
        subprocess.run(around, check=True)
        enter = ("nsenter", f"--net=/proc/{inside}/ns/net", f"--mount=/proc/{inside}/ns/mnt", f"--wd={folder}", "--")
        yield Computer(folder, enter, log)


def _held(stack: ExitStack, command: list[str]) -> int:
    """The number of a process that serves until the stack is left, once it does."""
    process = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
    stack.callback(process.terminate)
    assert process.stdout and process.stdout.readline() == b"ready\n"
    return process.pid


def serve(place: str, log: str) -> None:
    """Answer on every address, of TCP and UDP, and note each; give names in the world outside."""
    with Path(log).open("a", buffering=1) as note:
        _serve(place, note)


def _serve(place: str, note: TextIO) -> None:
    streams = socket.create_server(("", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
    datagrams = _datagrams(PORT)

    def accept() -> None:
        while True:
            connection, _ = streams.accept()
            with connection:
                address = connection.getsockname()[0].removeprefix("::ffff:")
                note.write(f"{place} tcp {address}\n")
                connection.sendall(f"reached {address}\n".encode())

    def echo() -> None:
        while True:
            _, control, _, sender = datagrams.recvmsg(1500, 256)
            address = socket.inet_ntoa(control[0][2][8:12])
            note.write(f"{place} udp {address}\n")
            answered_from = (socket.IPPROTO_IP, _PKTINFO, struct.pack("@I4s4s", 0, control[0][2][8:12], bytes(4)))
            datagrams.sendmsg([f"reached {address}\n".encode()], [answered_from], 0, sender)

    work = [accept, echo] + ([_names] if place == "outside" else [])
    for one in work:
        threading.Thread(target=one, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()


def _datagrams(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setsockopt(socket.IPPROTO_IP, _PKTINFO, 1)
    made.bind(("", port))
    return made


def _names() -> None:
    """A name server (RFC 1035) that knows NAMES, and no IPv6 address of theirs."""
    asked = _datagrams(53)
    while True:
        question, sender = asked.recvfrom(1500)
        labels, at = [], 12
        while question[at]:
            labels.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        address = NAMES.get(".".join(labels))
        wants_address = question[at + 1 : at + 3] == b"\0\1"
        answer = (
            struct.pack(">HHHIH", 0xC00C, 1, 1, 0, 4) + socket.inet_aton(address) if address and wants_address else b""
        )
        flags = 0x8180 if address else 0x8183
        header = struct.pack(">HHHHH", flags, 1, int(bool(answer)), 0, 0)
        asked.sendto(question[:2] + header + question[12 : at + 5] + answer, sender)


if __name__ == "__main__":
    serve(*sys.argv[1:])
