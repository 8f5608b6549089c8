"""The process of a worker that has loaded castdeck, and is forked for each session: loading takes longer than that.

    python -P -m castdeck.farm.forks SOCKET

Over its socket it is sent a line of JSON for each process, {"start": NUMBER, "answer": FILE}, together with what
becomes its stdin, stdout and stderr, or {"kill": NUMBER}. It answers {"started": NUMBER}, and at the end
{"ended": NUMBER, "status": STATUS}. It ends with the worker.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress

from castdeck.farm import child
from castdeck.machine.kinds import DEFAULT_KIND, kinds

_MOST = 1 << 16  # bytes of a message


def serve(connection: socket.socket) -> None:
    """Start what is asked for until the other end is closed."""
    numbers: dict[int, int] = {}
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake)
    while True:
        readable, _, _ = select.select([connection.fileno(), ended], [], [])
        if ended in readable:
            os.read(ended, _MOST)
            for pid, status in _ended():
                _say(connection, {"ended": numbers.pop(pid), "status": status})
        if connection.fileno() in readable:
            said, descriptors, _, _ = socket.recv_fds(connection, _MOST, 3)
            if not said:
                return
            for line in said.splitlines():
                asked = json.loads(line)
                if "start" in asked:
                    numbers[_forked(asked["answer"], descriptors, connection)] = asked["start"]
                    _say(connection, {"started": asked["start"]})
                for pid, number in numbers.items():
                    if number == asked.get("kill"):
                        os.kill(pid, signal.SIGKILL)


def _ended() -> Iterator[tuple[int, int]]:
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            yield found[0], os.waitstatus_to_exitcode(found[1])


def _say(connection: socket.socket, message: dict[str, int]) -> None:
    with suppress(OSError):  # the worker is gone
        connection.sendall(json.dumps(message).encode() + b"\n")


def _forked(answer: str, descriptors: Sequence[int], connection: socket.socket) -> int:
    pid = os.fork()
    if pid:
        for descriptor in descriptors:
            os.close(descriptor)
        return pid
    status = 1
    try:
        os.setsid()
        connection.close()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for standard, descriptor in enumerate(descriptors):
            os.dup2(descriptor, standard)
            os.close(descriptor)
        status = child.main(answer)
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    kinds()[DEFAULT_KIND].load()  # else each process would load it by itself
    gc.freeze()  # else each would copy what its collector looks at: https://docs.python.org/3/library/gc.html#gc.freeze
    serve(socket.socket(fileno=int(sys.argv[1])))
