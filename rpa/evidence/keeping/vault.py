"""Encrypted at rest: a sealed bag as ``<batch>.zip.age`` beside the place of its folder.

The folder goes only after the file was decrypted again and is the folder, byte for byte; the file goes only
after the folder is back. A file under its final name is always whole. So whoever is killed in between loses
nothing, and the same command, given again, goes on. All streams: a bag of any size takes the same memory.

The format is that of the program ``age`` around an ordinary zip file, so the evidence can be opened without
this program. Packing is deterministic: the same folder is always the same zip file.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zipfile import BadZipFile, ZipFile

from filelock import Timeout

from rpa.errors import UserError
from rpa.evidence.bag.seal import bag_lock, is_sealed
from rpa.evidence.bag.tree import Folder
from rpa.evidence.keeping.packed import PIECE, Packed, digest
from rpa.files import open_private, private_folder

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

ENDING = ".zip.age"
_LOCK_SECONDS = 5.0


def vault_of(bag: Path) -> Path:
    """The file that stands for a bag while it is encrypted."""
    return bag.with_name(bag.name + ENDING)


def check_not_encrypted(evidence_root: Path, batch_id: str) -> None:
    """Refuse to go on with a batch whose evidence is encrypted: its trails could not be continued.

    Raises:
        UserError: it is.
    """
    if vault_of(evidence_root / batch_id).exists():
        raise UserError(f"批次 {batch_id} 的证据已加密：先运行 rpa evidence decrypt {batch_id}")


def encrypt(bag: Path, recipients: Sequence[Recipient], identities: Sequence[Identity]) -> Path:
    """Put an encrypted file in a sealed bag's place. May be repeated; goes on where it was killed.

    Args:
        bag: where the bag is, or was.
        recipients: who can open the file.
        identities: keys of which one opens it, to see that it can be opened.

    Returns:
        The file.

    Raises:
        UserError: there is no bag, it is not sealed, somebody writes into it, or it is not what the file
            that is already there holds.
    """
    vault = vault_of(bag)
    with _alone(bag):
        if not _there(bag):
            if not vault.is_file():
                raise UserError(f"没有这份证据：{bag}")
            return vault
        if not is_sealed(bag):
            raise UserError(f"{bag.name} 还没有封存，不能加密：请等批次办完，或先运行 rpa results {bag.name}")
        before = _standing(bag)
        again = vault.exists()  # killed when only the folder was still to go
        file = vault if again else _hidden(bag, "draft")
        packed = digest(bag) if again else _write(bag, file, recipients)
        if _decrypted(file, identities) != packed:
            raise UserError(_differ(bag) if again else f"{bag.name} 加密后核对不符，没有删除任何文件")
        if _standing(bag) != before:
            raise UserError(f"{bag} 还在被写入，没有加密：请等办理程序停下后再试")
        file.replace(vault)
        _flush_folder(bag.parent)
        bag.rename(_hidden(bag, "removed"))
        _flush_folder(bag.parent)
    return vault


def decrypt(bag: Path, identities: Sequence[Identity]) -> Path:
    """Bring a bag back as a folder. May be repeated; goes on where it was killed.

    Args:
        bag: where the bag was.
        identities: keys of which one opens the file.

    Returns:
        The bag.

    Raises:
        UserError: there is no such file, no key opens it, or a folder stands there with something else.
    """
    vault = vault_of(bag)
    with _alone(bag):
        if not vault.is_file():
            if not _there(bag):
                raise UserError(f"没有这份证据：{vault}")
            return bag
        if not _there(bag):
            restored = _unpacked(vault, _hidden(bag, "restored"), identities)
            _flush(restored)
            if bag.exists():
                bag.rmdir()
            restored.rename(bag)
        elif _decrypted(vault, identities) != digest(bag):
            raise UserError(_differ(bag))
        _flush_folder(bag.parent)
        vault.unlink()
        _flush_folder(bag.parent)
    return bag


@contextmanager
def opened(vault: Path, identities: Sequence[Identity]) -> Iterator[Path]:
    """An encrypted bag as a folder for a while, to look at; the file stays as it is.

    Raises:
        UserError: no key opens it, or it is damaged.
    """
    bag = vault.with_name(vault.name.removesuffix(ENDING))
    with _alone(bag):
        yield _unpacked(vault, _hidden(bag, "opened"), identities)


@contextmanager
def _alone(bag: Path) -> Iterator[None]:
    """Be the only one who seals, encrypts or opens a bag; what a killed one left half done goes first."""
    try:
        with bag_lock(bag).acquire(timeout=_LOCK_SECONDS):
            _sweep(bag)
            try:
                yield
            finally:
                _sweep(bag)
    except Timeout:
        raise UserError(f"另一个命令正在处理 {bag.name} 的证据，请稍后再试") from None


def _hidden(bag: Path, what: str) -> Path:
    return bag.with_name(f".{bag.name}.{what}")


def _sweep(bag: Path) -> None:
    """Delete what no command needs any more; the folder that was encrypted only while its file is there."""
    left = [_hidden(bag, "restored"), _hidden(bag, "opened")]
    if vault_of(bag).is_file():
        left.append(_hidden(bag, "removed"))
    for folder in left:
        if folder.is_dir():
            shutil.rmtree(folder)
    _hidden(bag, "draft").unlink(missing_ok=True)


def _there(bag: Path) -> bool:
    """Whether a bag is there; an empty folder is none."""
    return bag.is_dir() and any(bag.iterdir())


def _differ(bag: Path) -> str:
    both = f"{bag} 和 {vault_of(bag).name}"
    return f"{both} 都在，内容却不同：请先用 rpa evidence verify 分别核验，把不要的一份移走"


def _standing(bag: Path) -> Sequence[tuple[str, int, int]]:
    """Every file with its size and the time of its last change."""
    tree = Folder(bag)
    stats = ((name, (bag / name).lstat()) for name in tree.names())
    return [(name, one.st_size, one.st_mtime_ns) for name, one in stats]


class _Into:
    """Where decrypted or encrypted bytes go: hashed, and into a file if there is one."""

    def __init__(self, file: BinaryIO | None = None) -> None:
        self._file = file
        self.sha256 = hashlib.sha256()
        self.error: Exception | None = None

    def write(self, piece: bytes) -> int:
        try:
            if self._file:
                self._file.write(piece)
        except OSError as error:  # pyrage forgets that of the last write
            self.error = error
            raise
        self.sha256.update(piece)
        return len(piece)

    def flush(self) -> None:
        """Whoever opened the file closes it."""


def _write(bag: Path, draft: Path, recipients: Sequence[Recipient]) -> str:
    """Encrypt a bag into a file, whole and on the disk; returns the hash of what was packed."""
    from pyrage import EncryptError, encrypt_io  # most commands encrypt nothing

    packed = Packed(bag)
    with open_private(draft) as file:
        into = _Into(file)
        try:
            encrypt_io(io.BufferedReader(packed, PIECE), into, recipients)
        except EncryptError:
            if not (packed.error or into.error):
                raise UserError(f"{bag.name} 无法加密") from None
        if error := packed.error or into.error:
            raise error
        file.flush()
        os.fsync(file.fileno())
    return packed.sha256.hexdigest()


def _decrypted(vault: Path, identities: Sequence[Identity], file: BinaryIO | None = None) -> str:
    """Decrypt a file, into another one if there is one; returns the hash of what it holds."""
    from pyrage import DecryptError, decrypt_io

    into = _Into(file)
    with vault.open("rb") as source:
        try:
            decrypt_io(source, into, identities)
        except DecryptError:
            raise UserError(
                f"{vault} 打不开：本机没有它的密钥（加密它的电脑或保险柜里有），或文件已损坏"
            ) from None
        except OSError as error:
            if into.error or error.errno:
                raise
            raise UserError(f"{vault} 已损坏，无法解密") from None
    return into.sha256.hexdigest()


def _unpacked(vault: Path, folder: Path, identities: Sequence[Identity]) -> Path:
    """Decrypt into a new or empty folder; returns the bag in it."""
    plain = private_folder(folder) / ".zip"
    with open_private(plain) as file:
        _decrypted(vault, identities, file)
        try:
            with ZipFile(file) as archive:
                archive.extractall(folder)
        except BadZipFile:
            raise UserError(f"{vault} 里不是证据") from None
    plain.unlink()
    inside = list(folder.iterdir())
    if len(inside) != 1 or not inside[0].is_dir():
        raise UserError(f"{vault} 里不是证据")
    inside[0].chmod(0o700)
    return inside[0]


def _flush(bag: Path) -> None:
    """See that a folder's files are on the disk."""
    if hasattr(os, "sync"):
        os.sync()
        return
    for name in Folder(bag).names():
        with (bag / name).open("r+b") as file:
            os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """See that renamed and deleted names are on the disk; Windows does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
