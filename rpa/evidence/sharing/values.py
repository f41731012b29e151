"""What a shared copy must not show, and what it shows though it may hold such a thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rpa.evidence.files import anchor, folder_name
from rpa.evidence.sharing.hiding import Hiding, Value
from rpa.filing import Employer, Filing, RowStatus
from rpa.privacy.masks import mask_account, mask_name

_OTHERS = "〔其他单位〕"
_NOBODY = frozenset(
    """
    单位 本单位 同上 无 联系人 经办 经办人 负责人 法人 法人代表 老板 经理 财务 财务部 财务人员 会计 出纳
    人事 人事部 办公室 前台 管理员 操作员 操作台 代理机构
    """.split()  # noqa: SIM905 - read as what it is, a list of words
)
"""What people write where a name belongs and what names nobody."""
_NUMBER_LENGTH = 6
"""A shorter 单位编号 of another employer says nothing, and would be found in every other number."""


def hiding_of(
    filings: Sequence[Filing], entries: Sequence[RowStatus], people: Iterable[str], serials: Iterable[str]
) -> Hiding:
    """What is hidden in a copy.

    Args:
        filings: all of the batch.
        entries: of those of them that are in the copy.
        people: names of those who worked on the batch.
        serials: receipt numbers that are in the copy.
    """
    codes = {one.code for one in entries}
    shared = [one for one in filings if one.employer.code in codes]
    hidden = [
        *(_name(who, "办理人员的姓名") for who in people),
        *(value for one in filings for value in _personal(one)),
        *(value for one in filings if one.employer.code not in codes for value in _other(one.employer)),
    ]
    shown = (*_shown(shared), *(one.portal for one in entries), *serials)
    return Hiding((one for one in hidden if one.text not in _NOBODY), shown)


def _personal(filing: Filing) -> Iterator[Value]:
    """What a row says of persons and accounts."""
    one, row = filing.employer, f"第 {filing.row} 行的"
    yield _name(one.contact, f"{row}联系人")
    yield _name(one.handler, f"{row}经办人")
    if one.account_name != one.name:  # an account of the employer's own is in its own name
        yield _name(one.account_name, f"{row}户名")
    yield _number(one.phone, f"{row}联系方式")
    yield _number(one.account, f"{row}银行账号")
    yield _number(one.login_name, f"{row}登录账号")


def _other(employer: Employer) -> Iterator[Value]:
    """What names an employer that is not shared."""
    yield Value(employer.name, "其他单位的名称", _OTHERS)
    yield Value(employer.code, "其他单位的信用代码", _OTHERS)
    if len(employer.unit_number) >= _NUMBER_LENGTH:
        yield Value(employer.unit_number, "其他单位的单位编号", _OTHERS)


def _shown(shared: Sequence[Filing]) -> Iterator[str]:
    """What stays readable, even where it holds what is hidden elsewhere."""
    for one in shared:
        yield from (one.employer.name, one.employer.code, one.employer.unit_number)
        yield from (one.portal, one.city, one.edition, one.item, str(one.year))
        yield from (folder_name(one), anchor(one))


def _name(name: str, what: str) -> Value:
    return Value(name, what, mask_name(name))


def _number(number: str, what: str) -> Value:
    return Value(number, what, mask_account(number))
