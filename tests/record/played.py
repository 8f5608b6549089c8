"""A terminal whose other side is played."""

import socket
import threading
from collections.abc import Iterable


class PlayedTerminal:
    """Each Enter is answered by the next of `answers`, which can be set anew; `typed` is all that arrived."""

    def __init__(self, answers: Iterable[str]) -> None:
        self.socket, self._theirs = socket.socketpair()
        self.answers = iter(answers)
        self.typed = ""
        self._player = threading.Thread(target=self._play)
        self._player.start()

    def _play(self) -> None:
        while data := self._theirs.recv(65536):
            self.typed += data.decode()
            for _ in range(data.count(b"\r")):
                self.show(next(self.answers, ""))

    def show(self, text: str) -> None:
        self._theirs.sendall(text.encode())

    def hang_up(self) -> None:
        """End it from the other side."""
        self._theirs.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.socket.close()
        self._player.join()
        self._theirs.close()
