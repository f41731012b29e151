"""Somebody with everything that must not come out, and how it is recognised where it did."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from hypothesis import strategies as st

from rpa.errors import Difference
from rpa.filing import Filing
from tests.ledger.builders import filing
from tests.privacy.numbers import ACCOUNTS, ID_NUMBERS, MOBILES

_RARE = "龘靐齉爩鱻麤灪籱龗彧韡灩驫鸜蠿"
"""Characters that none of our own texts has."""


@dataclass(frozen=True)
class Person:
    """One row's personal data, its login, and what is answered for it."""

    contact: str
    phone: str
    account: str
    holder: str
    id_number: str
    login: str
    password: str
    captcha: str
    sms: str

    @property
    def values(self) -> Mapping[str, str]:
        """Everything, by name."""
        return dict(vars(self))

    @property
    def secrets(self) -> Mapping[str, str]:
        """What no file of any kind may hold."""
        return {name: vars(self)[name] for name in ("password", "captcha", "sms")}

    def told(self) -> str:
        """A sentence with all of it, as a portal, a library or a careless line could say it."""
        return "；".join(f"{name}：{value}" for name, value in vars(self).items())

    def filing(self, number: int = 1) -> Filing:
        """The row."""
        one = filing(number)
        employer = replace(
            one.employer,
            contact=self.contact,
            phone=self.phone,
            account=self.account,
            account_name=self.holder,
            login_name="经办账号",
            remark=self.id_number,
        )
        return replace(one, employer=employer)

    def differences(self) -> tuple[Difference, ...]:
        """As if row and page disagreed about everything."""
        return tuple(Difference(name, value, value[::-1]) for name, value in vars(self).items())


_NAMES = st.text(st.sampled_from(_RARE), min_size=2, max_size=4)
_TYPED = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="*〔已隐去〕")
_CODES = st.from_regex(r"\A[A-HJ-NP-Z][2-9][a-z]{2}[A-HJ-NP-Z0-9]{2}\Z")

PEOPLE = st.builds(
    Person,
    contact=_NAMES,
    phone=MOBILES,
    account=ACCOUNTS | st.from_regex(r"\A[1-9][0-9]{7}(-[0-9]{3})?\Z"),
    holder=_NAMES,
    id_number=ID_NUMBERS,
    login=st.text(_TYPED, min_size=8, max_size=16).map("ß{}".format),
    password=st.text(_TYPED, min_size=8, max_size=16).map("þ{}".format),
    captcha=_CODES,
    sms=st.from_regex(r"\A[1-9][0-9]{5}\Z").map("K{}".format),
)


PERSON = Person(
    contact="龘靐",
    phone="13837712345",
    account="41001522010059888888",
    holder="灪籱龗",
    id_number="41010119900307753X",
    login="ßzhang.san",
    password='þk7Qw!"<zP9',
    captcha="K8mzQ4",
    sms="K730164",
)


def in_clear(values: Mapping[str, str], data: bytes) -> list[str]:
    """Which of these some bytes hold, in whatever encoding: by name, so that no failure prints one."""
    return [name for name, value in values.items() if any(one in data for one in _forms(value))]


def _forms(value: str) -> set[bytes]:
    texts = {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        html.escape(value),
        html.escape(value, quote=False),
        quote(value),
        quote(value, safe=""),
        base64.b64encode(value.encode()).decode(),
    }
    return {text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")}
