"""温馨提示: the portal's drawn dialog, and its words without title and buttons."""

from __future__ import annotations

import re

from rpa.browser.lookout import Sign

DIALOG = Sign("温馨提示", exact=True, dialog=True)
_FRAME = re.compile(r"^\s*温馨提示\s*[×xX✕]?|\s*(确定|确认|取消|关闭|×|\s)+$")


def said(around: str) -> str:
    """What a dialog says, from its whole text."""
    return _FRAME.sub("", around).strip()
