"""Starts and stops the browser: sandboxed if possible, never as root, with all its files in one folder."""

import os
import shutil
import subprocess
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from signal import SIGKILL
from threading import Thread
from typing import IO

from castdeck.chromium.page import Page
from castdeck.chromium.pipe import ChromiumError, Pipe
from castdeck.leftovers import private_folder
from castdeck.machine.unprivileged import hand_over, unprivileged

FLAGS = (
    "--headless=new",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--mute-audio",
    "--remote-debugging-pipe",
    # A page gets its files from castdeck, through the pipe. All network access is blocked:
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",  # the port of "discard"
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
PREFIX = "castdeck-chromium-"
WITHOUT_SANDBOX = "--no-sandbox"
_ON_ITS_PIPES = 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null'  # Chromium reads from descriptor 3 and writes to 4
_LONGEST_FOR_SOCKETS = 55  # characters: Chromium makes a socket in TMPDIR, whose path may have 104 on macOS
_ENDS_WITHIN = 5.0  # seconds


@contextmanager
def chromium_page(program: str) -> Iterator[Page]:
    """Start a browser with a temporary profile, yield a page of it, and stop it afterwards.

    If the system has no sandbox for it (as in a container without user namespaces), it runs without one; see
    `Page.is_sandboxed`. Raises ChromiumError if it does not start.
    """
    with ExitStack() as stack:
        try:
            page = stack.enter_context(_started(program, sandboxed=True))
        except _NoSandboxError:
            page = stack.enter_context(_started(program, sandboxed=False))
        yield page


class _NoSandboxError(ChromiumError):
    """Chromium ended because it got no sandbox."""


@contextmanager
def _started(program: str, *, sandboxed: bool) -> Iterator[Page]:
    with private_folder(_anyones_folder(), PREFIX) as profile:
        prefix = _as_another_user(profile)
        sandbox = () if sandboxed else (WITHOUT_SANDBOX,)
        process = subprocess.Popen(
            ["/bin/sh", "-c", _ON_ITS_PIPES, "sh", *prefix, program, *FLAGS, *sandbox, f"--user-data-dir={profile}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=profile,
            env=_environment(profile),
            process_group=0,
        )
        assert process.stdin and process.stdout and process.stderr
        said: deque[str] = deque(maxlen=20)
        reader = Thread(target=_read_lines, args=(process.stderr, said), daemon=True)
        reader.start()
        try:
            pipe = Pipe(process.stdin.fileno(), process.stdout.fileno())
            try:
                page = Page(pipe, is_sandboxed=sandboxed)
            except ChromiumError as error:
                _end(process)
                reader.join(_ENDS_WITHIN)
                if sandboxed and any("sandbox" in line.lower() for line in said):
                    raise _NoSandboxError(error.problem.message) from error
                words = " ".join(list(said)[-3:]) or "it says nothing"
                raise ChromiumError(f"{program} does not start: {words}") from error
            yield page
        finally:
            _end(process)
            reader.join(_ENDS_WITHIN)
            for stream in (process.stdin, process.stdout, process.stderr):
                with suppress(OSError):
                    stream.close()


def _anyones_folder() -> Path:
    """The folder for temporary files, or /tmp if Chromium's user has no access to it."""
    folder = Path(tempfile.gettempdir())
    is_open = all(one.stat().st_mode & 0o001 for one in (folder, *folder.parents))
    return folder if is_open or os.geteuid() else Path("/tmp")


def _as_another_user(profile: Path) -> list[str]:
    """The command prefix that runs Chromium as another user than root, as which it has no sandbox."""
    if os.geteuid() == 0 and shutil.which("setpriv"):
        hand_over(profile)
        return unprivileged()
    return []


def _environment(profile: Path) -> dict[str, str]:
    """Chromium's environment, which makes it write everything to the profile's folder."""
    folders = ["XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"]
    if len(str(profile)) <= _LONGEST_FOR_SOCKETS:
        folders.append("TMPDIR")
    home = ("HOME",) if os.geteuid() == 0 else ()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "LC_ALL", "USER")}
    return {**kept, **dict.fromkeys((*folders, *home), str(profile))}


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Kill the browser and its children; its profile need not be saved."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, SIGKILL)
    process.wait()


def _read_lines(stream: IO[bytes], said: deque[str]) -> None:
    with suppress(OSError, ValueError):
        for line in stream:
            said.append(line.decode(errors="replace").strip())
