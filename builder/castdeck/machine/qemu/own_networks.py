"""This computer's own networks: its addresses, and every route other than the default one.

A LAN or a server may use public addresses, so the routing table has to be read.
"""

import json
import os
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from ipaddress import IPv4Network

from castdeck.errors import MachineError

_HALF = 1  # the prefix length of the two routes by which a VPN replaces the default one
_ADDRESSES_CHANGE, _ROUTES_CHANGE = 0x10, 0x40  # RTMGRP_IPV4_IFADDR and RTMGRP_IPV4_ROUTE of linux/rtnetlink.h


def ip_program() -> str | None:
    """The path of iproute2's `ip`, if it is installed."""
    return shutil.which("ip", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def own_networks() -> frozenset[IPv4Network]:
    """This computer's current networks. Raises MachineError if they can't be determined."""
    program = ip_program()
    if program is None:
        raise MachineError(
            "the program ip, which lists this computer's networks, is not installed",
            hint="install iproute2",
        )
    command = [program, "-json", "-4", "route", "show", "table", "all"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return read_routes(done.stdout)
    except (ValueError, KeyError, TypeError) as error:
        raise MachineError(f"this computer's routes can't be read: {done.stderr.strip() or error}") from error


def read_routes(text: str) -> frozenset[IPv4Network]:
    """Parse the output of `ip -json -4 route show table all`. Raises ValueError, KeyError or TypeError."""
    named = [route["dst"] for route in json.loads(text)]
    networks = (IPv4Network(name, strict=False) for name in named if name != "default")
    return frozenset(network for network in networks if network.prefixlen > _HALF)


class RouteWatch:
    """Calls `changed`, in its own thread, at once and whenever an address or route changes."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._news = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._news.bind((0, _ADDRESSES_CHANGE | _ROUTES_CHANGE))
        self._news.setblocking(False)
        self._end, self._ended = socket.socketpair()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._end.close()
        self._thread.join()
        self._news.close()
        self._ended.close()

    def _watch(self) -> None:
        self._changed()
        while self._ended not in select.select([self._news, self._ended], [], [])[0]:
            self._drop_what_is_there()
            self._changed()

    def _drop_what_is_there(self) -> None:
        """Discard the messages, since the networks are read anew (also after ENOBUFS, when messages were lost)."""
        try:
            while self._news.recv(65536):
                pass
        except OSError:
            pass
