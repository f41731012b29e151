"""Encrypted evidence: nothing readable, nothing lost whenever it is killed, nothing opened by another key."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import BinaryIO
from zipfile import ZipFile

import pyrage
import pytest
from pyrage.x25519 import Identity

from rpa.errors import UserError
from rpa.evidence.bag.manifests import TAG_MANIFEST
from rpa.evidence.bag.seal import seal, unseal
from rpa.evidence.bag.verify import verify
from rpa.evidence.files import RESULTS, payload
from rpa.evidence.keeping import vault as vaults
from rpa.evidence.keeping.key import VaultKey, recipients
from rpa.evidence.keeping.vault import check_not_encrypted, decrypt, encrypt, opened, vault_of
from rpa.privacy import masks
from tests.cli.keyrings import MemoryKeyring, use, use_none
from tests.evidence.recorded import content, filing, record
from tests.support.killing import Case, killed_everywhere

KEY = Identity.generate()


@pytest.fixture
def bag(batch: Path) -> Path:
    return sealed(batch)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> VaultKey:
    """On a machine without a keyring."""
    use_none(monkeypatch)
    return VaultKey(tmp_path / "home")


def sealed(bag: Path) -> Path:
    record(bag, filing())
    seal(bag)
    return bag


def lock(bag: Path) -> bool:
    """Encrypt it for the test's key."""
    return encrypt(bag, [KEY.to_public()], [KEY]) == vault_of(bag)


def left(bag: Path) -> list[str]:
    """What stands where batches keep their evidence, but locks."""
    return sorted(one.name for one in bag.parent.iterdir() if not one.name.endswith(".lock"))


def test_there_and_back(bag: Path) -> None:
    before, said = content(bag), verify(bag, roots=[])
    for _ in range(2):
        assert lock(bag)
        assert left(bag) == [f"{bag.name}.zip.age"]
    vault = vault_of(bag)
    assert stat.S_IMODE(vault.stat().st_mode) == 0o600
    for clear in (b"PK\x03\x04", "试验企业".encode(), b"picture of a page"):
        assert clear not in vault.read_bytes()
    with opened(vault, [KEY]) as folder:
        assert folder.name == bag.name
        assert content(folder) == before
        assert verify(folder, roots=[]).summary == said.summary
    assert left(bag) == [vault.name]
    for _ in range(2):
        assert decrypt(bag, [KEY]) == bag
        assert left(bag) == [bag.name]
    assert content(bag) == before
    assert verify(bag, roots=[]) == said
    assert stat.S_IMODE(bag.stat().st_mode) == 0o700


def test_opened_without_this_program(bag: Path) -> None:
    """Standard age around a standard zip file."""
    before = content(bag)
    lock(bag)
    plain = io.BytesIO(pyrage.decrypt(vault_of(bag).read_bytes(), [KEY]))
    with ZipFile(plain) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(f"{bag.name}/{name}") for name in before} == before


def small(bag: Path) -> Path:
    """A bag of few files: each touch of the disk is one more kill."""
    for name in (TAG_MANIFEST, "data/某公司/01.jpg"):
        (bag / name).parent.mkdir(parents=True, exist_ok=True)
        (bag / name).write_bytes(name.encode() * 100)
    return bag


def encrypting(folder: Path) -> Case:
    """Killed in the middle, the evidence is there in one form or the other; then it goes on."""
    bag = small(folder / "B1")
    before = content(bag)

    def check() -> None:
        if not vault_of(bag).exists():
            assert content(bag) == before
        lock(bag)
        assert left(bag) == ["B1.zip.age"]
        decrypt(bag, [KEY])
        assert content(bag) == before
        assert left(bag) == ["B1"]

    return Case(lambda: lock(bag), check)


def decrypting(folder: Path) -> Case:
    """The same on the way back; whichever way the operator then goes."""
    bag = small(folder / "B1")
    before = content(bag)
    lock(bag)

    def check() -> None:
        if bag.exists():
            assert content(bag) == before
            assert lock(bag)
        decrypt(bag, [KEY])
        assert content(bag) == before
        assert left(bag) == ["B1"]

    return Case(lambda: decrypt(bag, [KEY]), check)


@pytest.mark.parametrize("case", [encrypting, decrypting])
def test_killed_at_any_moment(case: object, tmp_path: Path) -> None:
    assert killed_everywhere(case, tmp_path) > 12  # type: ignore[arg-type]


def test_a_folder_that_is_not_what_the_file_holds(bag: Path) -> None:
    """Both there, and different: a person decides."""
    before = content(bag)
    lock(bag)
    decrypt_to_keep = vault_of(bag).read_bytes()
    decrypt(bag, [KEY])
    vault_of(bag).write_bytes(decrypt_to_keep)
    record(bag, filing(2))
    seal(bag)
    for command in (lambda: lock(bag), lambda: decrypt(bag, [KEY])):
        with pytest.raises(UserError, match="都在，内容却不同"):
            command()
        assert left(bag) == [bag.name, vault_of(bag).name]
    assert len(content(bag)) > len(before)


def test_not_sealed_or_still_written(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = vaults._write

    def meanwhile(*arguments: object) -> str:
        digest = write(*arguments)  # type: ignore[arg-type]
        (payload(bag) / RESULTS).write_bytes(b"new")
        return digest

    monkeypatch.setattr(vaults, "_write", meanwhile)
    with pytest.raises(UserError, match="还在被写入"):
        lock(bag)
    unseal(bag)
    with pytest.raises(UserError, match="还没有封存"):
        lock(bag)
    assert left(bag) == [bag.name]


@pytest.mark.parametrize("harm", ["flip", "cut", "header", "key", "none"])
def test_a_file_that_cannot_be_opened(harm: str, bag: Path) -> None:
    lock(bag)
    vault = vault_of(bag)
    data = bytearray(vault.read_bytes())
    if harm == "cut":
        del data[-10:]
    else:
        data[20 if harm == "header" else -100] ^= harm in ("flip", "header")
    vault.write_bytes(data)
    identities = {"key": [Identity.generate()], "none": []}.get(harm, [KEY])
    with pytest.raises(UserError, match=r"打不开|已损坏"):
        decrypt(bag, identities)
    with pytest.raises(UserError, match=r"打不开|已损坏"), opened(vault, identities):
        pass
    assert left(bag) == [vault.name]


@pytest.mark.parametrize("name", ["../../escaped.txt", "/tmp/escaped.txt", "two/files.txt"])
def test_a_file_made_by_somebody_else(name: str, bag: Path) -> None:
    """Whoever knows the public key can make a file; it must not write anywhere."""
    lock(bag)
    plain = io.BytesIO()
    with ZipFile(plain, "w") as archive:
        archive.writestr(name, b"x")
        archive.writestr("B1/data/x", b"x")
    vault_of(bag).write_bytes(pyrage.encrypt(plain.getvalue(), [KEY.to_public()]))
    with pytest.raises(UserError, match="里不是证据"):
        decrypt(bag, [KEY])
    assert left(bag) == [vault_of(bag).name]
    assert not list(bag.parents[1].glob("escaped*"))
    vault_of(bag).write_bytes(pyrage.encrypt(b"no zip", [KEY.to_public()]))
    with pytest.raises(UserError, match="里不是证据"):
        decrypt(bag, [KEY])


def test_a_disk_that_is_full_at_the_very_end(bag: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library forgets the error of its last write."""

    def full(*_: object) -> BinaryIO:
        return Path("/dev/full").open("r+b", buffering=0)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fdopen", full)
        with pytest.raises(OSError, match="No space left"):
            lock(bag)
        assert left(bag) == [bag.name]
    lock(bag)
    monkeypatch.setattr(os, "fdopen", full)
    with pytest.raises(OSError, match="No space left"):
        decrypt(bag, [KEY])
    assert left(bag) == [vault_of(bag).name]


@pytest.mark.thorough
def test_memory_stays_flat(tmp_path: Path) -> None:
    """64 MB go through with less than 24 MB more than a small bag takes."""
    script = """if True:
        import resource, sys
        from pathlib import Path
        from tests.evidence.test_vault import KEY, decrypt, lock, small
        def peak(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        one, other = (small(Path(sys.argv[1]) / name) for name in ("B1", "B2"))
        lock(one), decrypt(one, [KEY])
        with (other / "data" / "results.xlsx").open("wb") as file:
            file.truncate(64 * 2**20)
        before = peak()
        lock(other), decrypt(other, [KEY])
        print(peak() - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 24 * 1024


def test_the_key_without_a_keyring(keys: VaultKey, tmp_path: Path) -> None:
    assert not keys.known()
    made = {str(keys.own())}
    file = tmp_path / "home" / "evidence.key"
    assert made == {str(one) for one in keys.known()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made <= masks.known_secrets()
    assert str(file) in keys.place
    text = file.read_text()
    file.chmod(0o640)
    with pytest.raises(UserError, match="chmod 600"):
        keys.own()
    for bad in ("", "# nothing\n", text[:-9], "hello"):
        file.write_text(bad)
        file.chmod(0o600)
        with pytest.raises(UserError, match="密钥") as caught:
            keys.own()
        assert "AGE-SECRET" not in str(caught.value)


def test_the_key_in_the_keyring(keys: VaultKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key put into the file, from a safe, comes first; the keyring's still opens what it closed."""
    ring = MemoryKeyring()
    use(monkeypatch, ring)
    own = str(keys.own())
    assert list(ring.kept.values()) == [own]
    assert str(VaultKey(tmp_path / "home").own()) == own
    assert not (tmp_path / "home" / "evidence.key").exists()
    assert "系统钥匙串" in keys.place
    (tmp_path / "home" / "evidence.key").write_text(f"{KEY}\n")
    (tmp_path / "home" / "evidence.key").chmod(0o600)
    assert [str(one) for one in keys.known()] == [str(KEY), own]
    assert str(keys.own()) == str(KEY)


class SlowKeyring(MemoryKeyring):
    """Whoever sets a key gives others the time to do so too."""

    def set_password(self, service: str, username: str, password: str) -> None:
        Event().wait(0.2)
        super().set_password(service, username, password)


def test_two_commands_at_once_make_one_key(keys: VaultKey, monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, SlowKeyring())
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: str(keys.own()), range(2))
    assert first == second


def test_further_recipients(bag: Path, keys: VaultKey) -> None:
    safe = Identity.generate()
    encrypt(bag, recipients(keys.own(), [f" {safe.to_public()}"]), keys.known())
    decrypt(bag, [safe])
    with pytest.raises(UserError, match="第 2 项不是 age 公钥"):
        recipients(KEY, [str(safe.to_public()), "age1wrong"])
    with pytest.raises(UserError, match="第 1 项是私钥") as caught:
        recipients(KEY, [str(safe)])
    assert str(safe) not in str(caught.value)


def test_nobody_goes_on_with_an_encrypted_batch(bag: Path) -> None:
    check_not_encrypted(bag.parent, bag.name)
    lock(bag)
    with pytest.raises(UserError, match=f"先运行 rpa evidence decrypt {bag.name}"):
        check_not_encrypted(bag.parent, bag.name)


def test_no_evidence(tmp_path: Path) -> None:
    """What was to be removed is kept where the encrypted file is not there any more."""
    (tmp_path / ".B9.removed").mkdir()
    for command in (lock, lambda bag: decrypt(bag, [KEY])):
        with pytest.raises(UserError, match="没有这份证据"):
            command(tmp_path / "B9")
    assert left(tmp_path / "B9") == [".B9.removed"]
