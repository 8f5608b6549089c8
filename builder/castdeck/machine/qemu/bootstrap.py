"""Builds Debian systems with mmdebstrap, from this computer's own package sources if it runs Debian.

https://manpages.debian.org/mmdebstrap
"""

import os
import platform
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from castdeck.errors import MachineError
from castdeck.machine.architectures import EMULATORS
from castdeck.machine.qemu.architecture import PACKAGES, host_architecture
from castdeck.machine.qemu.folders import NO_ROOM

_LAST_LINES = 12
_LAST_BREATH = 1.0  # seconds
_SUITE_ELSEWHERE = "bookworm"
_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_PROGRAM_EMULATORS = Path("/proc/sys/fs/binfmt_misc")
_PROGRAMS = {"amd64": "x86_64", "arm64": "aarch64"}
_TOOLS = {"mmdebstrap": "mmdebstrap", "mke2fs": "e2fsprogs", "zstd": "zstd"}


def require_tools(kind: str) -> None:
    """Check the tools for building a disk of an architecture. Raises MachineError with what to install."""
    emulator = {EMULATORS[kind]: PACKAGES[kind]}
    tools = {**(emulator if kind == host_architecture() else {}), "qemu-img": "qemu-utils", **_TOOLS}
    missing = [package for tool, package in tools.items() if shutil.which(tool, path=_tool_path()) is None]
    if os.geteuid() != 0 and shutil.which("fakeroot") is None:
        missing.append("fakeroot")
    if not _KEYS.exists():
        missing.append("debian-archive-keyring")
    if missing:
        raise MachineError(
            f"missing on this computer: {', '.join(missing)}", hint="castdeck machine doctor says how to install it"
        )
    if kind != host_architecture() and not _runs_programs_of(kind):
        raise MachineError(
            f"a disk for {kind} needs programs for {kind}, which this computer can't run",
            hint="on Debian: sudo apt-get install qemu-user-static binfmt-support arch-test; or use an image",
        )


def _runs_programs_of(kind: str) -> bool:
    """Whether the kernel runs such programs through an emulator (binfmt_misc), and mmdebstrap can check that."""
    if shutil.which("arch-test") is None:
        return False
    handler = _PROGRAM_EMULATORS / f"qemu-{_PROGRAMS[kind]}"
    return handler.exists() and handler.read_text().startswith("enabled")


def _tool_path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def mmdebstrap(options: Sequence[str], target: Path, kind: str = "") -> None:
    """Build a Debian system into the tar file `target`, for an architecture or this computer's own.

    Raises MachineError with the last lines of output.
    """
    suite, sources = _package_sources()
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as apt_options:
        apt_options.write(_apt_acquire_options())
        apt_options.flush()
        Path(apt_options.name).chmod(0o644)
        command = [
            "mmdebstrap",
            "--variant=minbase",
            *([f"--architectures={kind}"] if kind else []),
            "--dpkgopt=force-confold",
            f"--aptopt={apt_options.name}",
            *options,
        ]
        run_tool([*command, suite, str(target), *(["-"] if sources else [])], stdin=sources)


def _package_sources() -> tuple[str, str]:
    """The suite and apt sources: those of this Debian, so that the guest uses the same mirrors.

    On other distributions Debian stable, and "" for Debian's default mirrors.
    """
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {}
    suite = release.get("VERSION_CODENAME", "")
    if release.get("ID") != "debian" or not suite:
        return _SUITE_ELSEWHERE, ""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    stanzas = [
        stanza
        for file in files
        if file.suffix in {".list", ".sources"} and file.is_file()
        for stanza in _stanzas(file)
        if suite in stanza and "deb" in stanza and "main" in stanza and "/debian" in stanza
    ]
    if not stanzas:
        raise MachineError(f"no package source for {suite} in /etc/apt", hint="add the distribution's own to it")
    return suite, "\n\n".join(stanzas) + "\n"


def _stanzas(file: Path) -> list[str]:
    lines = [line for line in file.read_text().splitlines() if not line.lstrip().startswith("#")]
    if file.suffix == ".list":
        return [line for line in lines if line.strip()]
    return [stanza for stanza in "\n".join(lines).split("\n\n") if stanza.strip()]


def _apt_acquire_options() -> str:
    if shutil.which("apt-config") is None:
        return ""
    found = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=False).stdout
    wanted = ("Acquire::http", "Acquire::https", "Acquire::Retries", "Acquire::ForceIPv4", "Acquire::By-Hash")
    return "".join(f"{line}\n" for line in found.splitlines() if line.startswith(wanted))


def _end(process: "subprocess.Popen[str]") -> None:
    """Terminate a tool and its children, with a moment to clean up."""
    for number, patience in ((signal.SIGTERM, _LAST_BREATH), (signal.SIGKILL, None)):
        with suppress(subprocess.TimeoutExpired, ProcessLookupError):
            os.killpg(process.pid, number)
            process.wait(patience)
    for stream in (process.stdin, process.stdout):
        with suppress(OSError, ValueError):
            if stream:
                stream.close()


def _own_mounts() -> list[str]:
    """The command prefix that gives root's tools a mount table of their own. Other users' have one, or mount nothing.

    https://manpages.debian.org/unshare
    """
    start = ["unshare", "--mount", "--propagation=private", "--"]
    if os.geteuid() != 0 or shutil.which("unshare", path=_tool_path()) is None:
        return []
    allowed = subprocess.run([*start, "true"], capture_output=True, env=_tool_environment(), check=False)
    return start if allowed.returncode == 0 else []


def _tool_environment() -> dict[str, str]:
    return {**os.environ, "PATH": _tool_path(), "LC_ALL": "C.UTF-8"}


def run_tool(command: Sequence[str], stdin: str = "") -> None:
    """Run a tool in its own process group: mmdebstrap sends SIGHUP to its whole group when it fails.

    Root's tools mount in a mount table of their own, which ends with them, even if they are killed.
    """
    process = subprocess.Popen(
        [*_own_mounts(), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=_tool_environment(),
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(stdin)
    except BaseException:
        _end(process)
        raise
    if process.returncode:
        last = "\n".join(output.strip().splitlines()[-_LAST_LINES:])
        hint = NO_ROOM if "No space left" in output else ""
        raise MachineError(f"{command[0]} failed with status {process.returncode}:\n{last}", hint=hint)
