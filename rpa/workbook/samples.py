"""Fictional employers with valid credit codes, for the template's examples, the demo and rehearsals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stdnum.cn import uscc

from rpa.workbook.cells import Value

_CONTACTS = ("张示例", "李示例", "王示例", "赵示例", "陈示例", "刘示例")


@dataclass(frozen=True, slots=True)
class _Province:
    """What the sample rows of a province have in common."""

    name: str
    prefix: str
    """First two digits of its divisions and of its unit numbers."""
    places: tuple[tuple[str, str, str], ...]
    """(city, division, an employer's name)."""
    mobile: str
    account: str
    """How the numbers begin."""
    columns: Mapping[str, Value]
    """Columns that are the same in all its rows."""


_PROVINCES = {
    "henan": _Province(
        "河南",
        "41",
        (
            ("南阳市", "411300", "河南示例商贸有限公司"),
            ("郑州市", "410100", "郑州示例（集团）餐饮管理有限公司"),
            ("洛阳市", "410300", "洛阳示例机械制造有限公司"),
            ("开封市", "410200", "开封示例文化传播有限公司"),
            ("新乡市", "410700", "新乡示例纺织有限公司"),
            ("济源市", "419001", "济源示例物流有限公司"),
        ),
        "138",
        "1714",
        {"purpose_accepted": "是", "login": "免数字证书", "login_name": "", "handler": "周示例"},
    ),
    "guangdong": _Province(
        "广东",
        "44",
        (
            ("广州市", "440100", "广东示例科技有限公司"),
            ("深圳市", "440300", "深圳示例（集团）电子有限公司"),
            ("佛山市", "440600", "佛山示例陶瓷有限公司"),
            ("东莞市", "441900", "东莞示例玩具有限公司"),
            ("珠海市", "440400", "珠海示例酒店管理有限公司"),
            ("中山市", "442000", "中山示例灯饰有限公司"),
        ),
        "139",
        "1744",
        {"purpose_accepted": "", "login": "个人登录", "login_name": "张三经办", "handler": "张三"},
    ),
}
SAMPLED = tuple(province.name for province in _PROVINCES.values())
"""平台 of which there are samples."""


def sample_rows(count: int, year: int, portal: str = "河南") -> list[dict[str, Value]]:
    """Fictional employers of one province, as column key → value; each differs from all others.

    Args:
        count: how many.
        year: 申请年度; the authorisations last until the end of the year after.
        portal: 平台 (``广东``) or its key (``guangdong``).

    Raises:
        KeyError: there are no samples of that portal.
    """
    keys = {province.name: key for key, province in _PROVINCES.items()}
    province = _PROVINCES[keys.get(portal, portal)]
    return [_sample(province, number, year) for number in range(1, count + 1)]


def sample_code(number: int, division: str) -> str:
    """A fictional credit code with a valid check digit, issued in a division (six digits)."""
    body = f"91{division}MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def _sample(province: _Province, number: int, year: int) -> dict[str, Value]:
    kind = (number - 1) % len(province.places)
    city, division, name = province.places[kind]
    if number > len(province.places):
        name = name.replace("示例", f"示例{number}号")
    return {
        "serial": number,
        "portal": province.name,
        "city": city,
        "item": "稳岗返还",
        "name": name,
        "code": sample_code(number, division),
        "unit_number": f"{province.prefix}{number:010d}",
        "year": year,
        "contact": _CONTACTS[kind],
        "phone": f"{province.mobile}{number:08d}",
        "payment": "单位",
        "account_name": name,
        "bank": f"示例银行{city.removesuffix('市')}分行",
        "account": f"{province.account}{number:012d}",
        "dispatch": "否",
        "authorisation": f"示例授权〔{year}〕{number:04d}号",
        "authorised_until": date(year + 1, 12, 31),
        "remark": "虚构数据",
        **province.columns,
    }
