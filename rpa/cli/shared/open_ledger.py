"""The user's ledger, as the commands open it."""

from __future__ import annotations

from rpa.cli.shared.data_folder import prepare_home
from rpa.ledger.ledger import Ledger
from rpa.settings.settings import Settings


def open_ledger(settings: Settings) -> Ledger:
    """The ledger of the settings, to be closed by ``with``; the user's folder is there afterwards.

    Raises:
        UserError: folder or ledger cannot be used.
    """
    prepare_home(settings)
    return Ledger.of(settings)
