"""A machine with the internet, on a computer in a small internet of its own: it reaches what is public, and neither the
computer nor the networks that this stands in. docs/security.md names these tests."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

import pytest

from castdeck.cast.model import parse_cast
from castdeck.cast.screen import last_screen
from tests.emulators import assert_has_no_rights, emulators, listening
from tests.vm.small_internet import NAMES, OTHERS, OTHERS_OF_IPV6, PORT, PUBLIC, Computer, computer

pytestmark = [
    pytest.mark.vm,
    pytest.mark.slow("builder/castdeck/machine", "tests/vm"),
    pytest.mark.timeout(1200),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small internet of network namespaces"),
]

NOT_THERE = {"10.0.2.2", "10.0.2.3", "10.0.2.4"}  # but in the guest
DEBIAN = r"debian\.org"  # whose own mirrors answer there
CONFIG = 'default_machine = "online"\n[machine.online]\nfrom = "debian"\nnetwork = "internet"\n'
TRY = """
for to in {to}; do echo hi >/dev/udp/$to/{port}; done
(for to in {to}; do (exec 3<>/dev/tcp/$to/{port} && head -1 <&3) & done; sleep 4; kill $(jobs -p))
""".strip()
DECK = f"""# A {{#a}}

```bash {{needs=internet}}
getent ahostsv4 public.test | head -1
head -1 <>/dev/tcp/public.test/{PORT}
exec 3<>/dev/udp/{PUBLIC[1]}/{PORT}; echo hi >&3; timeout 9 head -1 <&3
```

```bash {{exit=any}}
time bash -c '</dev/tcp/192.168.7.9/{PORT}'
```

```bash {{exit=any}}
sudo sh -c 'ip route flush type unreachable; echo 0 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6'
sudo sh -c 'ip address add fd00:7::5/64 dev eth0 nodad; ip -6 route add default dev eth0'
{TRY.format(to=" ".join([*OTHERS.values(), *NAMES, *OTHERS_OF_IPV6]), port=PORT)}
head -1 <>/dev/tcp/{PUBLIC[0]}/{PORT}
```

```bash {{session=other}}
head -1 <>/dev/tcp/{PUBLIC[1]}/{PORT}
```

```bash
cat /etc/apt/sources.list; head -1 <>/dev/tcp/{PUBLIC[0]}/{PORT}
```
"""


STARTED = """
import time
from castdeck.machine.kinds import find_definition
from castdeck.workspace import cache_folder
definition = find_definition("online", {"online": {"from": "debian", "network": "internet"}})
with definition.ready(cache_folder(), lambda step: None).started():
    print("started", flush=True)
    time.sleep(600)
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Computer]:
    """The computer, with the machine built and allowed, in a folder with a deck."""
    folder = tmp_path_factory.mktemp("place")
    (folder / "castdeck.toml").write_text(CONFIG)
    (folder / "deck.md").write_text(DECK)
    subprocess.run([sys.executable, "-m", "castdeck", "machine", "build", "debian"], check=True, timeout=880)
    with computer(folder) as made, pytest.MonkeyPatch.context() as environment:
        environment.setenv("CASTDECK_CONFIG", str(folder / "config"))
        refused = castdeck(made, "record", "deck.md", "--recordings", "casts")
        assert refused.returncode == 1
        assert "to allow it: castdeck machine allow online" in refused.stderr
        for arguments in (("machine", "allow", "online", "--yes"), ("machine", "build", "online")):
            assert castdeck(made, *arguments).returncode == 0
        yield made


def command(place: Computer, *arguments: str) -> list[str]:
    return [*place.enter, sys.executable, "-m", "castdeck", *arguments]


def castdeck(place: Computer, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command(place, *arguments), capture_output=True, text=True, timeout=880, check=False)
    print(done.stdout, done.stderr)
    return done


def reached_by_the_computer_itself(place: Computer, addresses: Sequence[str]) -> set[str]:
    """What there is to be reached, so that a guest that does not reach it is held back by its boundary."""
    tries = TRY.format(to=" ".join(addresses), port=PORT)
    subprocess.run([*place.enter, "bash", "-c", tries], capture_output=True, check=False)
    found = place.reached()
    place.log.write_text("")
    return {address for _, _, address in found}


def test_a_machine_with_the_internet_reaches_nothing_else(place: Computer) -> None:
    there = reached_by_the_computer_itself(place, [*OTHERS.values(), *OTHERS_OF_IPV6])
    assert there == {*OTHERS.values(), *OTHERS_OF_IPV6} - NOT_THERE

    done = castdeck(place, "record", "deck.md", "--recordings", "casts")
    assert done.returncode == 0, done.stderr
    assert place.reached() == {("outside", kind, address) for kind in ("tcp", "udp") for address in PUBLIC}
    public, refused, other, last = (screen(place, name) for name in ("a-1", "a-2", "a-4", "a-5"))
    assert re.search(rf"{PUBLIC[0]} +STREAM public.test\n", public), public
    assert f"reached {PUBLIC[0]}\n" in public and f"reached {PUBLIC[1]}\n" in public, public
    assert re.search(r"No route to host\n.*real\s+0m0", refused, re.DOTALL), refused
    hostile = (place.folder / "casts/a-3.cast").read_text()
    assert set(re.findall(r"reached ([0-9a-f.:]+)", hostile)) == {PUBLIC[0]}, hostile
    assert f"reached {PUBLIC[1]}\n" in other
    assert re.search(rf"deb http://deb\.{DEBIAN}/debian \w+ main\n.*reached {PUBLIC[0]}\n", last, re.DOTALL), last

    (place.folder / "deck.md").write_text(DECK.replace("cat /etc/apt", "grep security /etc/apt"))
    again = castdeck(place, "record", "deck.md", "--recordings", "casts")
    assert "1 recorded, 4 still true" in again.stderr
    assert f"reached {PUBLIC[0]}\n" in screen(place, "a-5")


def test_its_network_stack_has_no_rights_and_ends_with_castdeck(place: Computer) -> None:
    with subprocess.Popen([*place.enter, sys.executable, "-c", STARTED], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout and started.stdout.readline() == "started\n"
        assert len(emulators()) == 2
        for number in emulators():
            assert_has_no_rights(number)
            assert listening(number) == []
        os.kill(started.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while emulators() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert emulators() == []


def screen(place: Computer, name: str) -> str:
    cast = (place.folder / f"casts/{name}.cast").read_text(encoding="utf-8")
    return "\n".join(last_screen(parse_cast(cast))) + "\n"
