"""One virtual machine in QEMU: start, save a checkpoint, restore one, stop.

It can't be reached from outside: terminal, agent and monitor are socket pairs held only by this process, and it shares
no folder with the host. It has no network card, or one connected only to the internet.
"""

import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType

import psutil

from castdeck.cancellation import Cancellation
from castdeck.errors import MachineError
from castdeck.machine.protocol import COMMAND_TIMEOUT
from castdeck.machine.qemu import migration
from castdeck.machine.qemu.agent import GuestAgent
from castdeck.machine.qemu.architecture import architecture
from castdeck.machine.qemu.command import Boot
from castdeck.machine.qemu.definition import GuestFile, MachineDefinition
from castdeck.machine.qemu.freshen import freshen
from castdeck.machine.qemu.internet import Internet
from castdeck.machine.qemu.launch import LOG, Checkpoint, Launch, end, launch
from castdeck.machine.qemu.monitor import Monitor
from castdeck.machine.qemu.overlays import Overlays
from castdeck.machine.qemu.template import Template

TERMINAL_DEVICE = "/run/castdeck-terminal"
_BOOT_TIMEOUT = 240.0
_THAW_TIMEOUT = 60.0
_LAST_BREATH = 1.0
_OFF_TIMEOUT = 240.0
_PART = 4 << 20  # bytes of a file sent to the guest at a time
_CONSOLE = 1 << 16  # bytes of console output to keep


class QemuMachine:
    """A running machine. As a context manager it always ends QEMU."""

    def __init__(
        self,
        boot: Boot,
        definition: MachineDefinition,
        run_folder: Path,
        start: Checkpoint | Template | None = None,
        boot_timeout: float | None = _BOOT_TIMEOUT,
        cancellation: Cancellation | None = None,
        fills: Template | None = None,
        *,
        is_clone: bool = False,
    ) -> None:
        """Start it from `start`, or boot it. With a `boot_timeout` of None, the caller waits for its agent.

        `cancellation` can end it while it is starting. A clone (one of many machines in the same state) already runs
        while its clock, randomness and machine id are being set. A machine that `fills` a template's memory is never
        run.
        """
        self._run_folder, self._user, self._architecture = run_folder, definition.user, architecture(definition)
        self._overlays = Overlays(run_folder, start.disk if start else boot.folder / boot.disk)
        self._opened = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._monitor: Monitor | None = None
        self._freshening: threading.Thread | None = None
        try:
            self._internet = Internet(run_folder) if definition.has_internet else None
            if self._internet:
                self._opened.callback(self._internet.close)
            launched = launch(
                Launch(boot, definition, run_folder, self._overlays.name, start, fills),
                self._internet.guest_end if self._internet else None,
                self._opened,
            )
            self._process, self._terminal = launched.process, launched.terminal
            self._agent = GuestAgent(launched.agent, f"the guest {definition.name}")
        except BaseException:
            self.close()
            raise
        try:
            with (cancellation or Cancellation()).ending(self.kill):
                self._monitor = Monitor(launched.monitor)
                if isinstance(start, Template):
                    migration.load_devices(self._monitor, start)
                if start:
                    migration.wait_until_loaded(self._monitor)
                if not fills:
                    self._begin(start, boot_timeout, is_clone=is_clone, is_first_boot=bool(boot.seed))
        except MachineError as error:
            self.close()
            raise MachineError(f"the virtual machine did not start: {self._last_words() or error}") from error
        except BaseException:
            self.close()
            raise
        if launched.unpacker:
            launched.unpacker.wait()

    def _begin(
        self,
        start: Checkpoint | Template | None,
        boot_timeout: float | None,
        *,
        is_clone: bool,
        is_first_boot: bool,
    ) -> None:
        """Let the guest run, and set its clock."""
        if start:
            self._qmp.command("cont")
        if start or is_first_boot:
            self._qmp.command("set-action", reboot="reset")
        if is_clone:
            self._freshening = threading.Thread(target=self._freshen, daemon=True)
            self._freshening.start()
        elif boot_timeout is not None:
            self.agent.wait_until_ready(_THAW_TIMEOUT if start else boot_timeout)
            if start:
                self.agent.run("date", "--set", f"@{time.time():.3f}")
        if self._internet:
            self._internet.require_running()

    @property
    def agent(self) -> GuestAgent:
        """The guest's agent. Waits until a clone is freshened."""
        if self._freshening:
            self._freshening.join()
        return self._agent

    def _freshen(self) -> None:
        """Give a clone its own clock, randomness and machine id; kill it if that fails."""
        try:
            freshen(self._agent, self._architecture, _THAW_TIMEOUT)
        except MachineError:
            self.kill()

    def __enter__(self) -> "QemuMachine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """QEMU's process id."""
        return self._running.pid

    @property
    def terminal(self) -> int:
        """The descriptor of the guest's terminal, a stream socket."""
        return self._terminal.fileno()

    @property
    def root_shell(self) -> str:
        """The user may use sudo."""
        return "sudo -s"

    def run(self, script: str, *, as_root: bool = False, stdin: str = "", timeout: float = COMMAND_TIMEOUT) -> str:
        """Run a shell script in the guest and return its output. Raises MachineError."""
        user = () if as_root else ("runuser", "--user", self._user, "--")
        return self.agent.run(*user, "/bin/sh", "-c", script, stdin=stdin.encode(), timeout=timeout)

    def is_lost(self) -> bool:
        """Whether QEMU has ended unexpectedly, or does within a second."""
        try:
            self._running.wait(_LAST_BREATH)
        except subprocess.TimeoutExpired:
            return False
        return True

    def processor_seconds(self) -> float | None:
        """The processor time that QEMU has used so far."""
        try:
            used = psutil.Process(self.pid).cpu_times()
        except psutil.Error:
            return None
        return used.user + used.system

    def resize(self, cols: int, rows: int) -> None:
        """Set the size of the guest's terminal."""
        self.agent.run("stty", "-F", TERMINAL_DEVICE, "cols", str(cols), "rows", str(rows))

    def put(self, file: GuestFile) -> None:
        """Write a file in the guest, owned by the user if in the user's home, else by root. Raises MachineError."""
        owner = self._user if file.path.startswith(f"/home/{self._user}/") else "root"
        as_owner = ("runuser", "--user", owner, "--", "sh", "-c")
        begin = 'mkdir -p "$(dirname "$1")" && : >"$1" && chmod "$2" "$1"'
        self.agent.run(*as_owner, begin, "sh", file.path, "755" if file.is_program else "644")
        for start in range(0, len(file.content), _PART):
            part = file.content[start : start + _PART]
            self.agent.run(*as_owner, 'cat >>"$1"', "sh", file.path, stdin=part)

    def console(self) -> str:
        """The guest's console output since the last call, including control codes; at most the last 64 KiB."""
        said: str = self._qmp.command("ringbuf-read", device="console", size=_CONSOLE)
        return said

    def freeze(self, folder: Path) -> Checkpoint:
        """Save a checkpoint into `folder`, which is on the run folder's file system. The machine keeps running.

        Raises MachineError if it can't be written; then nothing incomplete is left, and the machine keeps running.
        """
        frozen = Checkpoint(folder / "disk.qcow2", folder / "memory.zst")
        part = frozen.memory.with_suffix(".part")
        self._qmp.command("stop")
        try:
            self._overlays.name_what_is_below(self._qmp, folder)
            migration.save_memory(self._qmp, part)
            self._overlays.keep(self._qmp, frozen.disk)
            part.chmod(0o600)
            part.rename(frozen.memory)
        finally:
            part.unlink(missing_ok=True)
            self._qmp.command("cont")
        return frozen

    def save_devices(self, template: Template) -> None:
        """Write the devices' state into a template whose memory this machine has filled. Raises MachineError."""
        migration.save_devices(self._qmp, template)

    def switch_off(self, disk: Path) -> None:
        """Power off the guest, and move its disk to `disk`, which is on the run folder's file system.

        Raises MachineError if it does not power off.
        """
        self._overlays.name_what_is_below(self._qmp, disk.parent)
        with suppress(MachineError):  # its last answer may be lost
            self.agent.run("systemctl", "poweroff", "--no-block")
        try:
            self._running.wait(_OFF_TIMEOUT)
        except subprocess.TimeoutExpired:
            raise MachineError(f"the virtual machine did not shut down within {_OFF_TIMEOUT:.0f} s") from None
        self._overlays.move(disk)

    def _last_words(self) -> str:
        try:
            return (self._run_folder / LOG).read_text(errors="replace").strip()[-800:]
        except OSError:
            return ""

    @property
    def _qmp(self) -> Monitor:
        assert self._monitor
        return self._monitor

    @property
    def _running(self) -> "subprocess.Popen[bytes]":
        assert self._process
        return self._process

    def kill(self) -> None:
        """Kill QEMU. Thread-safe. `close` still has to be called."""
        if self._process:
            self._process.kill()

    def close(self) -> None:
        """End QEMU and close everything. Idempotent."""
        if self._process:
            end(self._process)
        if self._monitor:
            self._monitor.close()
            self._monitor = None
        if self._freshening:
            self._freshening.join()
        self._opened.close()
