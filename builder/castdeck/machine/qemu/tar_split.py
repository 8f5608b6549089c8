"""Describes a tar without the content of its files, as Docker keeps a layer. From the description and the unpacked
files, Docker makes the same tar again, for `docker save` and `docker push`.

The format is tar-split's: https://pkg.go.dev/github.com/vbatts/tar-split/tar/storage
"""

import base64
import gzip
import io
import json
import tarfile

_FILE, _SEGMENT = 1, 2
_ONES = (1 << 64) - 1
_POLYNOMIAL = (60, 61, 63, 64)
"""CRC-64/GO-ISO, x^64 = x^4 + x^3 + x + 1, as the distances from a bit to the bits that replace it."""


def tar_split(tar: bytes) -> bytes:
    """The packed description of an uncompressed tar: its headers and padding, and the checksum of each file."""
    entries: list[dict[str, object]] = []
    done = 0
    with tarfile.open(fileobj=io.BytesIO(tar), mode="r:") as members:
        for member in members:
            if not member.isreg() or not member.size:
                continue
            start, end = member.offset_data, member.offset_data + member.size
            name = member.name.encode(errors="surrogateescape")
            entries.append({"type": _SEGMENT, "payload": _text(tar[done:start])})
            checksum = crc64(tar[start:end]).to_bytes(8)
            entries.append({"type": _FILE, "name_raw": _text(name), "size": member.size, "payload": _text(checksum)})
            done = end
    entries.append({"type": _SEGMENT, "payload": _text(tar[done:])})
    lines = (json.dumps({**entry, "position": position}) + "\n" for position, entry in enumerate(entries))
    return gzip.compress("".join(lines).encode(), compresslevel=1, mtime=0)


def crc64(data: bytes) -> int:
    """CRC-64/GO-ISO of some bytes.

    The bytes are one large number, whose lowest bits are the highest powers of x. Modulo 2, squaring a sum squares its
    terms, so x^64s = x^4s + x^3s + x^s + 1 for every power of two s: one step halves the number.
    """
    rest = int.from_bytes(data, "little") ^ _ONES
    bits = 8 * len(data) + 64
    while bits > 64:
        scale = 1 << ((bits - 1) // 64).bit_length() - 1
        taken = min(_POLYNOMIAL[0] * scale, bits - 64 * scale)
        low = rest & ((1 << taken) - 1)
        rest >>= taken
        for distance in _POLYNOMIAL:
            rest ^= low << distance * scale - taken
        bits -= taken
    return rest ^ _ONES


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
