"""Dialogs that a portal draws itself: known by their title, read without title and buttons."""

from __future__ import annotations

import re

from rpa.browser.waiter import Seen, Sign

_BUTTONS = r"(确定|确认|取消|关闭|×|\s)+$"


def titled(title: str) -> Sign:
    """Any dialog with this title: what counts where nobody foresaw the dialog's words."""
    return Sign(title, exact=True, dialog=True)


def words_of(dialog: Seen) -> str:
    """What a dialog says that was seen by its title."""
    title = rf"^\s*{re.escape(dialog.sign.text)}\s*[×xX✕]?"
    return re.sub(f"{title}|{_BUTTONS}", "", dialog.around).strip()
