"""Finding the evidence that a command's argument means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rpa.errors import UserError


def bag_of(text: str) -> Path:
    """The folder or zip file of a bag, which may be a batch of this machine.

    Raises:
        UserError: there is none, or it is encrypted.
    """
    path = bag_place(text)
    if path.exists():
        return path
    if _vault(path).is_file():
        raise UserError(f"{path.name} 的证据已加密：先运行 rpa evidence decrypt {path.name}")
    raise UserError(f"没有这个文件或文件夹，也没有这个批次的证据：{text}")


@contextmanager
def opened_bag(text: str) -> Iterator[Path]:
    """The same for reading; an encrypted one is decrypted beside its file while the block lasts.

    Raises:
        UserError: there is none, or no key of this machine opens it.
    """
    path = bag_place(text)
    if path.exists() or not _vault(path).is_file():
        yield bag_of(text)
        return
    from rpa.evidence.keeping.key import VaultKey
    from rpa.evidence.keeping.vault import opened
    from rpa.settings.settings import load_settings

    with opened(_vault(path), VaultKey(load_settings().home).known()) as bag:
        yield bag


def bag_place(text: str) -> Path:
    """Where a bag is, or was before it was encrypted.

    Args:
        text: a batch's id, or the path of a bag, of a zip file of one, or of its encrypted file.
    """
    from rpa.evidence.keeping.vault import ENDING
    from rpa.settings.settings import load_settings

    path = Path(text.rstrip("/\\").removesuffix(ENDING))
    if path.name == text and not path.exists():
        return load_settings().evidence_root / text.upper()
    return path.absolute()


def _vault(path: Path) -> Path:
    from rpa.evidence.keeping.vault import vault_of

    return vault_of(path)
