"""The user's own folder."""

from __future__ import annotations

from pathlib import Path

from rpa.errors import UserError
from rpa.files import private_folder
from rpa.settings.settings import Settings


def prepare_home(settings: Settings) -> Path:
    """The user's folder, made where it is missing and readable by the owner alone.

    Raises:
        UserError: it cannot be made or written.
    """
    home = settings.home
    try:
        private_folder(home).chmod(0o700)  # one that is there may be open to others
    except OSError as error:
        raise UserError(
            f"数据目录 {home} 无法使用（{error.strerror}）：请用环境变量 RPA_HOME 指定一个可写的目录"
        ) from error
    return home
