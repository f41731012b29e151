"""One row → one filing, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from rpa.filing import Filing, FilingKey, PortalKey
from rpa.identifiers import registered_in
from rpa.settings.portal import PortalSettings
from rpa.workbook.cells import year_of
from rpa.workbook.columns import ITEM
from rpa.workbook.employer import EmployerJudge
from rpa.workbook.finding import Judged
from rpa.workbook.provinces import province_of
from rpa.workbook.reader import Row
from rpa.workbook.scrutiny import Scrutiny


def judge(
    row: Row, headers: Mapping[str, str], portals: Mapping[str, PortalSettings], folder: Path, today: date
) -> Judged:
    """Judge one row by itself.

    Args:
        row: as read.
        headers: column key → header as the agency wrote it.
        portals: the portals known.
        folder: where the workbook is; materials are relative to it.
        today: the day that authorisations must reach.
    """
    cells = Scrutiny(row, headers)
    if all(row.text(key) == headers[key] for key in ("name", "code")):
        first = min(row.columns, key=row.columns.__getitem__)
        cells.find(first, "这一行重复了表头", "请删除这一行")
        return cells.judged
    if row.hidden:
        cells.warn("name", "这一行被隐藏，但仍会办理", "不办理请删除这一行；要办理请取消隐藏或筛选")
    _judge(cells, portals, folder, today)
    return cells.judged


def _judge(cells: Scrutiny, portals: Mapping[str, PortalSettings], folder: Path, today: date) -> None:
    row, result = cells.row, cells.judged
    key = _portal(cells, portals)
    portal = portals[key] if key else None
    if portal:
        cells.optional = frozenset(portal.not_required)
    city = row.text("city")
    item = _item(cells, portal, city)
    employer = EmployerJudge(cells, portal, folder, today).read()
    year = _year(cells, today)
    if portal is None:
        return
    _compare_provinces(cells, portal.name, city, employer.code)
    portal_key = PortalKey.of(key, portal.environment)
    if employer.login_name:
        result.login = (portal_key, employer.login_name)
    if not (item and year and "code" in cells.sound):
        return
    result.key = FilingKey(portal_key, item, year, employer.code)
    if not result.refused:
        result.filing = Filing(
            portal=key,
            city=city,
            edition=_edition(portal, city),
            item=item,
            year=year,
            employer=employer,
            row=row.number,
            environment=portal.environment,
            row_hash=row.digest,
        )


def _portal(cells: Scrutiny, portals: Mapping[str, PortalSettings]) -> str:
    text = cells.text("portal")
    plain = text.removesuffix("省")
    for key, portal in portals.items():
        if plain in (portal.name, key):
            return key
    if text:
        known = "、".join(portal.name for portal in portals.values())
        cells.find("portal", f"没有名为“{text}”的平台", f"请填写：{known}")
    return ""


def _item(cells: Scrutiny, portal: PortalSettings | None, city: str) -> str:
    text = cells.text("item") or ITEM
    if portal is None:
        return ""
    names = portal.editions[_edition(portal, city)].item_names
    for item, others in names.items():
        if text == item or text in others:
            return item
    cells.find("item", f"{portal.name}平台没有事项“{text}”", f"请填写：{'、'.join(names)}")
    return ""


def _year(cells: Scrutiny, today: date) -> int:
    cell = cells.cell("year")
    year = year_of(cell.value) if cell else None
    if cell and year is None:
        cells.find("year", "申请年度不是四位年度")
    elif year and year > today.year:
        cells.find("year", f"申请年度 {year} 还没有到")
    elif year and year < today.year:
        cells.warn("year", f"申请年度 {year} 不是今年", "请确认平台仍受理该年度")
    return year or 0


def _compare_provinces(cells: Scrutiny, portal: str, city: str, code: str) -> None:
    """City and credit code tell a province, too."""
    where = province_of(city)
    if where and where != portal:
        cells.warn("city", f"地市“{city}”属于{where}，与平台“{portal}”不同", "请核对平台和地市")
    where = registered_in(code) if "code" in cells.sound else ""
    if where and where != portal:
        message = f"信用代码由{where}的登记机关发放，与平台“{portal}”不同"
        cells.warn("code", message, "请确认单位在该平台参保")


def _edition(portal: PortalSettings, city: str) -> str:
    """A city's edition, however the city is written (``南阳`` or ``南阳市``)."""
    plain = city.removesuffix("市")
    named = next((name for name in (city, plain, f"{plain}市") if name in portal.city_editions), city)
    return portal.edition_for(named)
