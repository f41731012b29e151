"""Which employer a person means."""

from __future__ import annotations

from collections.abc import Iterable

from rpa.errors import UserError
from rpa.identifiers import normalise

_NAMED = 8
"""Employers that a message names at most."""


def code_of(text: str, employers: Iterable[tuple[str, str]], *, where: str) -> str:
    """The credit code of the one that is meant: by code or whole name, else by a part of the name.

    Args:
        text: what the person wrote; width, case and spaces do not count.
        employers: name and code of each that there is; the same one may come again.
        where: they are, in Chinese, for the message.

    Raises:
        UserError: none fits, or several do.
    """
    word = normalise(text)
    names = {code: name for name, code in employers}
    plain = {code: normalise(name) for code, name in names.items()}
    exact = [code for code in names if word in (code, plain[code])]
    fitting = exact or [code for code in names if word and word in plain[code]]
    if len(fitting) == 1:
        return fitting[0]
    told = "、".join(f"{names[code]}（{code}）" for code in (fitting or list(names))[:_NAMED])
    number = len(fitting) or len(names)
    told += f" 等 {number} 个" if number > _NAMED else ""
    if not fitting:
        raise UserError(f"{where}没有单位“{text}”。{where}有：{told}")
    raise UserError(f"“{text}”对应几个单位，请写全称或统一社会信用代码：{told}")
