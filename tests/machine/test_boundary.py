"""Which frames get out of a guest and into it, asked of the kernel: frames are sent through a pair of sockets as QEMU
sends them, behind the programs that castdeck attaches. No machine is started."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv4Network
from socket import AF_UNIX, SOCK_DGRAM, socketpair

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from castdeck.machine.qemu.boundary import NOT_THE_INTERNET, NOTHING, Instruction, attach, incoming, outgoing
from castdeck.machine.qemu.own_networks import read_routes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")

GUEST, TCP, UDP, ICMP = "10.0.2.15", 6, 17, 1
OWN = (IPv4Network("203.0.113.0/24"), IPv4Network("198.51.100.7/32"))
Passes = Callable[[bytes], bool]


def frame(
    source: str, destination: str, protocol: int = TCP, ports: tuple[int, int] = (4000, 80), **other: int
) -> bytes:
    """An Ethernet frame with an IPv4 header of `words` words and a `fragment` offset."""
    words, fragment, kind = other.get("words", 5), other.get("fragment", 0), other.get("kind", 0x0800)
    header = bytes([0x40 | words, 0, 0, 60]) + bytes(2) + fragment.to_bytes(2) + bytes([64, protocol, 0, 0])
    header += IPv4Address(source).packed + IPv4Address(destination).packed + b"\0\0\0\x35" * (words - 5)
    return bytes(12) + kind.to_bytes(2) + header + b"".join(port.to_bytes(2) for port in ports) + bytes(16)


def passing(program: list[Instruction] | tuple[Instruction, ...]) -> Iterator[Passes]:
    sender, receiver = socketpair(AF_UNIX, SOCK_DGRAM)
    with sender, receiver:
        attach(program, receiver)
        receiver.setblocking(False)

        def passes(sent: bytes) -> bool:
            sender.send(sent)
            try:
                return receiver.recv(1 << 17) == sent
            except BlockingIOError:
                return False

        yield passes


@pytest.fixture(scope="module")
def leaves() -> Iterator[Passes]:
    yield from passing(outgoing(OWN))


@pytest.fixture(scope="module")
def enters() -> Iterator[Passes]:
    yield from passing(incoming(OWN))


PUBLIC = (
    "1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 "
)
PUBLIC += "192.169.0.0 198.17.255.255 198.20.0.0 198.51.100.6 198.51.100.8 203.0.112.255 203.0.114.0 223.255.255.255"
CLOSED = "0.0.0.0 10.0.0.0 10.0.2.2 10.0.2.3 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.255 "
CLOSED += (
    "169.254.169.254 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 198.18.0.0 224.0.0.251 239.255.255.250 "
)
CLOSED += "240.0.0.1 255.255.255.255 203.0.113.0 203.0.113.255 198.51.100.7"


@pytest.mark.parametrize("address", PUBLIC.split())
def test_an_address_of_the_internet_is_reached_and_answers(address: str, leaves: Passes, enters: Passes) -> None:
    for protocol in (TCP, UDP, ICMP):
        assert leaves(frame(GUEST, address, protocol))
        assert enters(frame(address, GUEST, protocol))


@pytest.mark.parametrize("address", CLOSED.split())
def test_no_other_address_is_reached_nor_does_it_reach_the_guest(address: str, leaves: Passes, enters: Passes) -> None:
    for protocol in (TCP, UDP, ICMP):
        assert not leaves(frame(GUEST, address, protocol))
        assert enters(frame(address, GUEST, protocol)) == (address == "10.0.2.2" and protocol == ICMP)


EDGES = [
    number + step
    for network in (*NOT_THE_INTERNET, *OWN)
    for number in (int(network.network_address), int(network.broadcast_address))
    for step in (-1, 0, 1)
    if 0 <= number + step < 2**32
]


@settings(deadline=None)
@given(
    number=some.integers(0, 2**32 - 1) | some.sampled_from(EDGES),
    words=some.integers(5, 15),
    protocol=some.integers(0, 255),
)
def test_just_what_is_in_no_closed_network_leaves(number: int, words: int, protocol: int) -> None:
    address = IPv4Address(number)
    wanted = not any(address in network for network in (*NOT_THE_INTERNET, *OWN))
    for passes in passing(outgoing(OWN)):
        assert passes(frame(GUEST, str(address), protocol, words=words)) == wanted
    for passes in passing(incoming(OWN)):
        assert passes(frame(str(address), GUEST, protocol, words=words)) == wanted


def test_of_the_name_server_only_names_can_be_asked(leaves: Passes, enters: Passes) -> None:
    for protocol in (TCP, UDP):
        assert leaves(frame(GUEST, "10.0.2.3", protocol, (4000, 53)))
        assert leaves(frame(GUEST, "10.0.2.3", protocol, (4000, 53), words=7))
        assert enters(frame("10.0.2.3", GUEST, protocol, (53, 4000)))
        for port in (22, 80, 0x3500):
            assert not leaves(frame(GUEST, "10.0.2.3", protocol, (53, port), words=7))
        assert not leaves(frame(GUEST, "10.0.2.3", protocol, (4000, 53), fragment=8))
        assert not enters(frame("10.0.2.3", GUEST, protocol, (80, 53)))
    assert not leaves(frame(GUEST, "10.0.2.3", ICMP, (4000, 53)))


def test_neither_ipv6_nor_a_vlan_nor_half_a_header_passes(leaves: Passes, enters: Passes) -> None:
    for passes in (leaves, enters):
        assert passes(frame(GUEST, "10.0.2.2", kind=0x0806))
        for kind in (0x86DD, 0x8100, 0x88F8, 0x88A8, 46):
            assert not passes(frame("1.1.1.1", "1.1.1.1", kind=kind))
        for length in (0, 1, 13, 14, 20, 29):
            assert not passes(frame("1.1.1.1", "1.1.1.1")[:length])


def test_where_networks_can_not_be_told_nothing_passes() -> None:
    for passes in passing(NOTHING):
        assert not passes(frame(GUEST, "1.1.1.1"))
        assert not passes(frame(GUEST, "1.1.1.1", kind=0x0806))


def test_a_program_takes_the_place_of_the_one_before() -> None:
    sender, receiver = socketpair(AF_UNIX, SOCK_DGRAM)
    with sender, receiver:
        receiver.setblocking(False)
        for closed, passes in (([], True), (OWN, False), ([], True)):
            attach(outgoing(closed), receiver)
            sender.send(frame(GUEST, "203.0.113.9"))
            if passes:
                assert receiver.recv(100)
            else:
                with pytest.raises(BlockingIOError):
                    receiver.recv(100)


def test_every_route_but_a_default_one_leads_to_a_network_of_ones_own() -> None:
    routes = [
        {"dst": "default", "gateway": "203.0.113.1", "dev": "eth0"},
        {"dst": "0.0.0.0/1", "dev": "tun0"},
        {"dst": "128.0.0.0/1", "dev": "tun0"},
        {"dst": "203.0.113.0/24", "dev": "eth0", "scope": "link"},
        {"dst": "198.51.100.0/25", "dev": "wg0", "table": "51820"},
        {"type": "local", "dst": "203.0.113.5", "dev": "eth0", "table": "local"},
    ]
    assert read_routes(json.dumps(routes)) == {
        IPv4Network("203.0.113.0/24"),
        IPv4Network("198.51.100.0/25"),
        IPv4Network("203.0.113.5/32"),
    }


WATCH = """
import sys
from castdeck.machine.qemu.own_networks import RouteWatch, own_networks
watch = RouteWatch(lambda: print(*sorted(map(str, own_networks())), flush=True))
sys.stdin.read()
watch.close()
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a network namespace everywhere")
def test_a_network_that_the_computer_joins_is_told_at_once() -> None:
    with subprocess.Popen(
        ["unshare", "--net", sys.executable, "-c", WATCH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin and child.stdout
        assert child.stdout.readline() == "\n"
        inside = ["nsenter", f"--net=/proc/{child.pid}/ns/net", "ip"]
        for change in ("link add lan type veth peer name far", "address add 203.0.113.5/24 dev lan", "link set lan up"):
            subprocess.run([*inside, *change.split()], check=True)
        assert any("203.0.113.0/24" in line.split() for line in child.stdout)
        child.stdin.close()
        assert child.wait() == 0
