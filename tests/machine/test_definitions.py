"""`[machine.NAME]` in castdeck.toml: what it may say, how machines build on each other, and what is made again when it
changes. Nothing is started."""

import platform
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from castdeck.errors import MachineError, WorkspaceError
from castdeck.machine.consent import allow, prepared
from castdeck.machine.kinds import find_definition
from castdeck.machine.qemu import bootstrap
from castdeck.machine.qemu.accelerators import only_emulation
from castdeck.machine.qemu.architecture import is_foreign
from castdeck.machine.qemu.definition import GuestFile, Layer, MachineDefinition
from castdeck.machine.qemu.keys import base_key, golden_key, identity_key, layer_key
from castdeck.machine.qemu.kind import QemuDefinition


def virtual(name: str, tables: dict[str, Any], folder: Path | None = None) -> MachineDefinition:
    definition = find_definition(name, tables, folder)
    assert isinstance(definition, QemuDefinition)
    return definition.machine


def test_a_table_changes_what_is_built_in_and_from_adds_to_it() -> None:
    tables = {
        "docker": {"memory": 2048},
        "course": {"from": "docker", "packages": ["git", "curl"], "setup": "git config --system user.name Ada"},
        "advanced": {"from": "course", "setup": "docker pull debian", "hostname": "lab"},
    }
    docker, course, advanced = (virtual(name, tables) for name in ("docker", "course", "advanced"))
    assert docker.memory == 2048 and "docker.io" in docker.packages
    assert course.packages == (*docker.packages, "git")
    assert course.memory == 2048 and course.hostname == "course"
    assert [layer.setup for layer in advanced.layers] == ["git config --system user.name Ada", "docker pull debian"]
    assert advanced.hostname == "lab"


def test_files_are_read_from_the_workspace_or_given_as_text(tmp_path: Path) -> None:
    (tmp_path / "tool.sh").write_text("#!/bin/sh\necho hi\n")
    (tmp_path / "tool.sh").chmod(0o755)
    files = {"/usr/local/bin/tool": "tool.sh", "/etc/motd": {"text": "welcome\n"}}
    machine = virtual("lab", {"lab": {"files": files}}, tmp_path)
    assert machine.layers == (
        Layer(
            (
                GuestFile("/usr/local/bin/tool", b"#!/bin/sh\necho hi\n", True),
                GuestFile("/etc/motd", b"welcome\n"),
            )
        ),
    )


def test_a_changed_script_or_file_makes_only_its_layer_again() -> None:
    def keys(**changes: Any) -> list[str]:
        lab = {"packages": ["git"], "setup": "echo one"} | changes
        machine = virtual("more", {"lab": lab, "more": {"from": "lab", "setup": "echo two", "hostname": "lab"}})
        base = base_key(machine)
        golden = golden_key(base, machine, "this computer")
        return [base, *(layer_key(golden, machine, number) for number in range(3))]

    before = keys()
    assert keys() == before
    same = [
        [now == was for now, was in zip(keys(**change), before, strict=True)]
        for change in (
            {"setup": "echo other"},
            {"files": {"/etc/motd": {"text": "hi"}}},
            {"memory": 700},
            {"packages": ["git", "tree"]},
            {"locale": "fr_FR.UTF-8"},
        )
    ]
    assert same == [
        [True, True, False, False],
        [True, True, False, False],
        [True, False, False, False],
        [False, False, False, False],
        [False, False, False, False],
    ]


def test_recordings_depend_on_what_is_in_the_machine_and_not_on_where_it_runs(tmp_path: Path) -> None:
    plain = virtual("lab", {"lab": {}})
    assert identity_key(plain) == identity_key(virtual("lab", {"lab": {"user": "student", "network": "none"}}))
    for change in ({"setup": "true"}, {"cores": 1}, {"prompt": "$ "}, {"images": ["debian"]}, {"hostname": "x"}):
        assert identity_key(virtual("lab", {"lab": change})) != identity_key(plain)


def test_the_internet_is_asked_for_handed_on_and_makes_no_other_disk() -> None:
    tables = {
        "online": {"from": "docker", "network": "internet", "images": ["nginx", "ghcr.io/a/b:1.2"]},
        "course": {"from": "online", "packages": ["curl"]},
        "offline": {"from": "online", "network": "none", "images": []},
    }
    docker, online, course = (virtual(name, tables) for name in ("docker", "online", "course"))
    assert (docker.network, online.network, course.network) == ("none", "internet", "internet")
    assert course.images == ("debian", "hello-world", "nginx", "ghcr.io/a/b:1.2")
    assert base_key(online) == base_key(docker)
    pulled = virtual("online", {"online": {**tables["online"], "images": []}})
    keys = {golden_key("base", machine, "host") for machine in (replace(docker, hostname="online"), online, pulled)}
    assert len(keys) == 3
    with pytest.raises(WorkspaceError, match="images: 'nginx' is not available to a machine without internet access"):
        virtual("offline", tables)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"pakages": ["git"]}, "unknown setting 'pakages'\n  did you mean packages?"),
        ({"packages": "git"}, "packages must be a list of names, not 'git'"),
        ({"packages": ["--allow"]}, "packages contains an invalid name"),
        ({"images": ["alpine"]}, "images: 'alpine' is not available to a machine without internet access"),
        ({"packages": ["./my.deb"]}, "packages: './my.deb' is not the name of a package"),
        ({"memory": "1G"}, "memory must be a whole number, not '1G'"),
        ({"user": "Root User"}, "user can't be 'Root User'"),
        ({"user": "root"}, "user can't be 'root'"),
        ({"hostname": "a b"}, "hostname can't be 'a b'"),
        ({"locale": "french"}, "locale can't be 'french'"),
        ({"prompt": "a\nb"}, "prompt must be one line of text"),
        ({"network": "lan"}, "network must be 'none' or 'internet', not 'lan'"),
        ({"network": "internet", "images": ["Big/Name"]}, "images: 'Big/Name' is not the name of a container image"),
        ({"files": {"etc/motd": "motd"}}, "'etc/motd' is not the absolute path of a file"),
        ({"files": {"/etc/../x": "motd"}}, "'/etc/../x' is not the absolute path of a file"),
        ({"files": {"/etc/motd": "missing"}}, "files: missing does not exist"),
        ({"files": {"/etc/motd": "../outside"}}, "files: ../outside lies outside the workspace"),
        ({"files": {"/etc/motd": "/etc/shadow"}}, "files: /etc/shadow lies outside the workspace"),
        ({"files": {"/etc/motd": "link"}}, "files: link lies outside the workspace"),
        ({"from": "lab"}, "`from` leads back to it: lab -> lab"),
        ({"from": "nothing"}, "there is no machine called 'nothing'"),
        ({"kind": "vmware"}, "there is no kind of machine 'vmware'"),
        ({"from": "local"}, "it can't be made from local, which is not a virtual machine"),
        ({"kind": "ssh"}, "host must be a host of your ssh configuration, not ''"),
        ({"kind": "ssh", "host": "-oProxyCommand=x"}, "host must be a host of your ssh configuration"),
        ({"kind": "local", "packages": ["git"]}, "unknown setting 'packages'"),
    ],
)
def test_what_can_not_be_says_so(tmp_path: Path, table: dict[str, Any], message: str) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(WorkspaceError) as caught:
        find_definition("lab", {"lab": table}, tmp_path)
    assert message in str(caught.value)


def test_this_computer_and_other_hosts_need_the_users_permission(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    tables = {"box": {"kind": "ssh", "host": "pi", "reset": "make reset"}}
    box = find_definition("box", tables, tmp_path)
    with pytest.raises(MachineError) as caught:
        prepared(box, tmp_path, lambda step: None)
    assert f"runs on this computer, in {tmp_path}: make reset" in str(caught.value)
    assert "castdeck machine allow box" in str(caught.value)
    allow(box)
    prepared(box, tmp_path, lambda step: None)
    (tmp_path / "ssh_config").write_text("Host pi\n")
    with_config = {"box": {"kind": "ssh", "host": "pi", "config": "ssh_config"}}
    allow(find_definition("box", with_config, tmp_path))
    (tmp_path / "ssh_config").write_text("Host pi\n  ProxyCommand rm -rf ~\n")
    tables["box"]["reset"] = "rm -rf ~"
    changed = find_definition("box", with_config, tmp_path)
    for other in (find_definition("box", tables, tmp_path), changed, find_definition("local", {})):
        with pytest.raises(MachineError, match="to allow it: castdeck machine allow"):
            prepared(other, tmp_path, lambda step: None)


def test_the_internet_needs_the_users_permission_too_for_secrets_may_go_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASTDECK_CONFIG", str(tmp_path / "config"))
    online = find_definition("online", {"online": {"from": "debian", "network": "internet"}}, tmp_path)
    with pytest.raises(MachineError) as caught:
        prepared(online, tmp_path, lambda step: None)
    assert f"reaches the internet: blocks of {tmp_path} can send there what they are given, secrets too" in str(
        caught.value
    )
    assert "castdeck machine allow online" in str(caught.value)
    assert find_definition("debian", {}, tmp_path).risk == ""


def test_a_name_is_a_name() -> None:
    with pytest.raises(WorkspaceError, match="the name of a machine may contain only letters, digits, - and _"):
        find_definition("lab,id=x", {"lab,id=x": {}})


def test_another_architecture_is_another_machine_and_is_only_emulated(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, arm, pc = (virtual("lab", {"lab": table}) for table in ({}, {"arch": "arm64"}, {"arch": "amd64"}))
    assert len({base_key(machine) for machine in (plain, arm, pc)}) == 3
    assert virtual("more", {"lab": {"arch": "arm64"}, "more": {"from": "lab"}}).arch == "arm64"
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    assert [is_foreign(machine) for machine in (plain, arm, pc)] == [False, True, False]
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    assert [is_foreign(machine) for machine in (plain, arm, pc)] == [False, False, True]
    assert only_emulation("auto") == only_emulation("tcg") == "tcg,thread=multi"
    with pytest.raises(MachineError, match="kvm can't run a guest of another architecture"):
        only_emulation("kvm")


def test_a_disk_for_another_architecture_wants_an_emulator_of_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(bootstrap, "_PROGRAM_EMULATORS", tmp_path)
    bootstrap.require_tools("amd64")
    with pytest.raises(MachineError) as caught:
        bootstrap.require_tools("arm64")
    assert "a disk for arm64 needs programs for arm64, which this computer can't run" in str(caught.value)
    assert "qemu-user-static" in str(caught.value) and "or use an image" in str(caught.value)
    monkeypatch.setattr(shutil, "which", lambda tool, path=None: f"/usr/bin/{tool}")
    (tmp_path / "qemu-aarch64").write_text("enabled\ninterpreter /usr/bin/qemu-aarch64-static\n")
    bootstrap.require_tools("arm64")
