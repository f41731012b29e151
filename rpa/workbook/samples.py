"""Fictional employers with valid credit codes, for the template's examples, the demo and rehearsals.

What differs by portal stands in its ``configs/<portal>.toml`` under ``[samples]``.
"""

from __future__ import annotations

from datetime import date

from stdnum.cn import uscc

from rpa.settings.portal import PortalSettings, Samples, shipped_portals
from rpa.workbook.cells import Value
from rpa.workbook.columns import COLUMNS, ITEM

_CONTACTS = ("张示例", "李示例", "王示例", "赵示例", "陈示例", "刘示例")


def sampled_portals() -> dict[str, PortalSettings]:
    """The portals of which there are samples, by key, in order."""
    return {key: portal for key, portal in shipped_portals().items() if portal.samples}


def sample_rows(count: int, year: int, portal: str = "") -> list[dict[str, Value]]:
    """Fictional employers of one portal, as column key → value; each differs from all others.

    Args:
        count: how many.
        year: 申请年度; the authorisations last until the end of the year after.
        portal: 平台 or its key; left out: the first one's that has samples.

    Raises:
        KeyError: there are no samples of that portal.
    """
    for key, known in shipped_portals().items():
        if known.samples and portal in ("", key, known.name):
            return [_sample(known, known.samples, number, year) for number in range(1, count + 1)]
    raise KeyError(portal)


def sample_code(number: int, division: str) -> str:
    """A fictional credit code with a valid check digit, issued in a division (six digits)."""
    body = f"91{division}MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def _sample(portal: PortalSettings, samples: Samples, number: int, year: int) -> dict[str, Value]:
    kind = (number - 1) % len(samples.employers)
    employer = samples.employers[kind]
    name = employer.name
    if number > len(samples.employers):
        name = name.replace("示例", f"示例{number}号")
    row: dict[str, Value] = {column.key: "" for column in COLUMNS}
    return row | {
        "serial": number,
        "portal": portal.name,
        "city": employer.city,
        "item": ITEM,
        "name": name,
        "code": sample_code(number, employer.division),
        "unit_number": f"{samples.unit_number}{number:010d}",
        "year": year,
        "contact": _CONTACTS[kind % len(_CONTACTS)],
        "phone": f"{samples.mobile}{number:08d}",
        "payment": "单位",
        "account_name": name,
        "bank": f"示例银行{employer.city.removesuffix('市')}分行",
        "account": f"{samples.account}{number:012d}",
        "dispatch": "否",
        "authorisation": f"示例授权〔{year}〕{number:04d}号",
        "authorised_until": date(year + 1, 12, 31),
        "remark": "虚构数据",
        **samples.columns,
    }
