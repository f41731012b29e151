"""Sealing: nothing readable, nothing changeable, one key however many ask for it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from rpa.errors import UserError
from rpa.privacy.sealing import Seal

TEXT = '{"户名": "试验企业有限公司", "银行账号": "6222021234567890123"}'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "家" / "seal.key"


def test_only_the_key_opens_it(path: Path, tmp_path: Path) -> None:
    seal = Seal.of(path)
    sealed = seal.seal(TEXT)
    assert sealed.isascii()
    assert "6222021234567890123" not in sealed
    assert Seal.of(path).open(sealed) == TEXT
    with pytest.raises(UserError, match="打不开"):
        Seal.of(tmp_path / "other.key").open(sealed)


def test_a_change_is_noticed(path: Path) -> None:
    seal = Seal.of(path)
    sealed = seal.seal(TEXT)
    middle = len(sealed) // 2
    changed = sealed[:middle] + ("A" if sealed[middle] != "A" else "B") + sealed[middle + 1 :]
    for text in (changed, sealed[:-4], "", "没有封存"):
        with pytest.raises(UserError, match="打不开"):
            seal.open(text)


def test_the_same_text_looks_different_each_time(path: Path) -> None:
    seal = Seal.of(path)
    assert seal.seal(TEXT) != seal.seal(TEXT)


@pytest.mark.skipif(os.name == "nt", reason="no modes")
def test_only_the_owner_reads_the_key(path: Path) -> None:
    Seal.of(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["seal.key"]


def test_fingerprints_tell_keys_apart(path: Path, tmp_path: Path) -> None:
    seal = Seal.of(path)
    assert Seal.of(path).fingerprint == seal.fingerprint
    assert Seal.of(tmp_path / "other.key").fingerprint != seal.fingerprint
    assert seal.fingerprint not in path.read_text()


def test_a_name_is_the_same_each_time_and_says_nothing(path: Path, tmp_path: Path) -> None:
    name = Seal.of(path).name("guangdong 张三经办")
    assert Seal.of(path).name("guangdong 张三经办") == name
    assert Seal.of(path).name("guangdong 李四经办") != name
    assert Seal.of(tmp_path / "other.key").name("guangdong 张三经办") != name
    assert len(name) == 32
    assert name.isascii()


def test_processes_that_make_a_key_at_once_make_one(path: Path) -> None:
    script = "import sys; from pathlib import Path; from rpa.privacy.sealing import Seal; sys.stdin.read();"
    script += "print(Seal.of(Path(sys.argv[1])).fingerprint)"
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(4)
    ]
    assert len({maker.communicate("", timeout=120)[0] for maker in makers}) == 1
    assert [maker.returncode for maker in makers] == [0] * 4


def test_what_is_no_key_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("not a key")
    with pytest.raises(UserError, match="不是封存密钥"):
        Seal.of(path)


def test_a_key_out_of_reach_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="读写不了封存密钥"):
        Seal.of(tmp_path / "file" / "seal.key")
