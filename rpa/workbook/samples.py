"""Fictional employers with valid credit codes, for the template's examples, the demo and rehearsals."""

from __future__ import annotations

from datetime import date

from stdnum.cn import uscc

from rpa.workbook.cells import Value

_CITIES = (
    ("南阳市", "411300"),
    ("郑州市", "410100"),
    ("洛阳市", "410300"),
    ("开封市", "410200"),
    ("新乡市", "410700"),
    ("济源市", "419001"),
)
_NAMES = (
    "河南示例商贸有限公司",
    "郑州示例（集团）餐饮管理有限公司",
    "洛阳示例机械制造有限公司",
    "开封示例文化传播有限公司",
    "新乡示例纺织有限公司",
    "济源示例物流有限公司",
)
_CONTACTS = ("张示例", "李示例", "王示例", "赵示例", "陈示例", "刘示例")


def sample_rows(count: int, year: int) -> list[dict[str, Value]]:
    """Fictional employers of Henan, as column key → value; each differs from all others.

    Args:
        count: how many.
        year: 申请年度; the authorisations last until the end of the year after.
    """
    return [_sample(number, year) for number in range(1, count + 1)]


def sample_code(number: int, division: str) -> str:
    """A fictional credit code with a valid check digit, issued in a division (six digits)."""
    body = f"91{division}MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def _sample(number: int, year: int) -> dict[str, Value]:
    kind = (number - 1) % len(_NAMES)
    city, division = _CITIES[kind]
    name = _NAMES[kind]
    if number > len(_NAMES):
        name = name.replace("示例", f"示例{number}号")
    return {
        "serial": number,
        "portal": "河南",
        "city": city,
        "item": "稳岗返还",
        "name": name,
        "code": sample_code(number, division),
        "unit_number": f"41{number:010d}",
        "year": year,
        "contact": _CONTACTS[kind],
        "phone": f"138{number:08d}",
        "payment": "单位",
        "account_name": name,
        "bank": f"示例银行{city.removesuffix('市')}分行",
        "account": f"1714{number:012d}",
        "dispatch": "否",
        "purpose_accepted": "是",
        "login": "免数字证书",
        "authorisation": f"示例授权〔{year}〕{number:04d}号",
        "authorised_until": date(year + 1, 12, 31),
        "handler": "周示例",
        "remark": "虚构数据",
    }
