"""The program of the `hello-world` container image: a Linux executable without libc that prints a text."""

import struct

MESSAGE = """
Hello from Docker!
This text comes out of a container, so your installation works.

What has just happened:
 1. The docker client asked the docker daemon to run "hello-world".
 2. The daemon took that image, or pulled it first, and made a container of it.
 3. The container ran its one program, which printed these lines.
 4. The daemon sent them to the client, which sent them to your terminal.

Next, look around in a bigger one:
 $ docker run --rm debian cat /etc/os-release

"""
_BASE = 0x400000
_HEADERS = 64 + 56
_MACHINES = {"amd64": 62, "arm64": 183}


def hello_world(architecture: str) -> bytes:
    """An ELF executable for "amd64" or "arm64": write(1, MESSAGE), exit(0)."""
    text = MESSAGE.encode()
    length = len(_code(architecture, 0, 0))
    code = _code(architecture, _BASE + _HEADERS + length, len(text))
    size = _HEADERS + len(code) + len(text)
    header = b"\x7fELF" + bytes([2, 1, 1, 0]) + bytes(8)
    header += struct.pack(
        "<HHIQQQIHHHHHH", 2, _MACHINES[architecture], 1, _BASE + _HEADERS, 64, 0, 0, 64, 56, 1, 0, 0, 0
    )
    program = struct.pack("<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size, size, 0x1000)
    return header + program + code + text


def _code(architecture: str, address: int, length: int) -> bytes:
    if architecture == "amd64":
        write = b"\xb8" + struct.pack("<I", 1) + b"\xbf" + struct.pack("<I", 1)
        write += b"\xbe" + struct.pack("<I", address) + b"\xba" + struct.pack("<I", length) + b"\x0f\x05"
        return write + b"\xb8" + struct.pack("<I", 60) + b"\x31\xff\x0f\x05"
    words = [
        _movz(0, 1),
        _movz(1, address & 0xFFFF),
        _movk_high(1, address >> 16),
        _movz(2, length),
        _movz(8, 64),
        0xD4000001,
        _movz(0, 0),
        _movz(8, 93),
        0xD4000001,
    ]
    return struct.pack(f"<{len(words)}I", *words)


def _movz(register: int, value: int) -> int:
    return 0xD2800000 | value << 5 | register


def _movk_high(register: int, value: int) -> int:
    return 0xF2A00000 | value << 5 | register
