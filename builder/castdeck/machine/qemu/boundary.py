"""The packet filter between a guest and the internet, as BPF programs that the kernel runs on every frame.

The guest's network card and the user network stack (libslirp) are the ends of a pair of datagram sockets, with one
Ethernet frame per datagram. Each socket has a filter for what it receives; frames that don't pass are dropped silently.
Filters are classic BPF programs, which any user may attach (SO_ATTACH_FILTER); a load beyond the end of a frame drops
it. https://docs.kernel.org/networking/filter.html

Checking the addresses in frames is enough: the network stack connects to exactly these, so a name that resolves to a
private address does not get around the filter.
"""

import ctypes
import socket
import struct
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, collapse_addresses

GATEWAY = IPv4Address("10.0.2.2")  # libslirp's own addresses, as QEMU has them by default
DNS = IPv4Address("10.0.2.3")  # forwarded to this computer's name server

NOT_THE_INTERNET = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this computer
        "10.0.0.0/8",  # private, and libslirp's own addresses
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and the metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols' own
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # tests of networks, and some VPNs
        "224.0.0.0/3",  # multicast, reserved and broadcast
    )
)
"""Addresses that are never on the public internet (without TEST-NETs), after
https://www.iana.org/assignments/iana-ipv4-special-registry"""

Instruction = tuple[int, int, int, int]
"""Operation, instructions to skip if true and if false, and operand (struct sock_filter)."""

_LOAD_BYTE, _LOAD_HALF, _LOAD_WORD, _LOAD_HALF_FROM_X = 0x30, 0x28, 0x20, 0x48
_HEADER_LENGTH_TO_X = 0xB1
_IF_EQUAL, _IF_GREATER, _IF_AT_LEAST, _IF_ANY_BIT = 0x15, 0x25, 0x35, 0x45
_RETURN = 0x06
_PASS: Instruction = (_RETURN, 0, 0, 0xFFFFFFFF)
_DROP: Instruction = (_RETURN, 0, 0, 0)
NOTHING = (_DROP,)
"""The program that drops everything."""

_KIND, _IP, _ARP = 12, 0x0800, 0x0806  # EtherType
_HEADER, _FRAGMENT, _PROTOCOL, _SOURCE, _DESTINATION = 14, 20, 23, 26, 30  # offsets of the IP header and its fields
_SOURCE_PORT, _DESTINATION_PORT = 14, 16  # offsets after the IP header
_LATER_FRAGMENT = 0x1FFF
_ICMP, _TCP, _UDP = 1, 6, 17
_DNS_PORT = 53

_ATTACH_FILTER = 26  # SO_ATTACH_FILTER of asm-generic/socket.h


def outgoing(closed: Iterable[IPv4Network]) -> list[Instruction]:
    """The filter for frames from the guest: ARP, DNS queries, and IPv4 to the internet except `closed`."""
    return [
        *_only_ip_and_arp(),
        (_LOAD_WORD, 0, 0, _DESTINATION),
        *_name_server(_DESTINATION_PORT),
        *_none_of(closed),
        _PASS,
    ]


def incoming(closed: Iterable[IPv4Network]) -> list[Instruction]:
    """The filter for frames to the guest: the same in reverse, and ICMP errors of the gateway."""
    from_gateway = [
        (_IF_EQUAL, 0, 4, int(GATEWAY)),
        (_LOAD_BYTE, 0, 0, _PROTOCOL),
        (_IF_EQUAL, 0, 1, _ICMP),
        _PASS,
        _DROP,
    ]
    return [
        *_only_ip_and_arp(),
        (_LOAD_WORD, 0, 0, _SOURCE),
        *_name_server(_SOURCE_PORT),
        *from_gateway,
        *_none_of(closed),
        _PASS,
    ]


def attach(program: Iterable[Instruction], receiver: socket.socket) -> None:
    """Attach a program to the socket `receiver`, replacing the previous one.

    Raises OSError.
    """
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    receiver.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, struct.pack("@HP", len(code) // 8, ctypes.addressof(buffer)))


def _only_ip_and_arp() -> list[Instruction]:
    return [
        (_LOAD_HALF, 0, 0, _KIND),
        (_IF_EQUAL, 0, 1, _ARP),
        _PASS,
        (_IF_EQUAL, 1, 0, _IP),
        _DROP,
    ]


def _name_server(port: int) -> list[Instruction]:
    """With an address loaded: if it is the name server's, pass frames whose `port` is that of DNS."""
    check = [
        (_LOAD_BYTE, 0, 0, _PROTOCOL),
        (_IF_EQUAL, 2, 0, _UDP),
        (_IF_EQUAL, 1, 0, _TCP),
        _DROP,
        (_LOAD_HALF, 0, 0, _FRAGMENT),
        (_IF_ANY_BIT, 0, 1, _LATER_FRAGMENT),
        _DROP,
        (_HEADER_LENGTH_TO_X, 0, 0, _HEADER),
        (_LOAD_HALF_FROM_X, 0, 0, port),
        (_IF_EQUAL, 0, 1, _DNS_PORT),
        _PASS,
        _DROP,
    ]
    return [(_IF_EQUAL, 0, len(check), int(DNS)), *check]


def _none_of(closed: Iterable[IPv4Network]) -> list[Instruction]:
    """With an address loaded: drop the frame if it is in NOT_THE_INTERNET or `closed`."""
    return [
        instruction
        for network in collapse_addresses([*NOT_THE_INTERNET, *closed])
        for instruction in (
            (_IF_AT_LEAST, 0, 2, int(network.network_address)),
            (_IF_GREATER, 1, 0, int(network.broadcast_address)),
            _DROP,
        )
    ]
