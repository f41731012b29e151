"""The shapes in which pages keep their values: one table for the tests of reading, filling and comparing.

A label is read, filled in and compared under the same name, whatever shape it stands in.
"""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NAME, CODE, PERSON, PHONE = "示例甲有限公司", "410000000001", "张三", "0371-60000000"


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of a page."""

    title: str
    """What it is, for people who add a province."""
    html: str
    """With values, and fields for what can be filled in: their ids are the keys of ``fills``."""
    reads: Mapping[str, str] = field(default_factory=dict)
    """Label → the value that a person reads."""
    fills: Mapping[str, str] = field(default_factory=dict)
    """Label → id of the field that it means."""
    unclear: tuple[str, ...] = ()
    """Labels that could mean two values: an error says so, and where both stand."""
    absent: tuple[str, ...] = ()
    """Labels that have no value here, though a person reads the words."""


_PAIR = {"单位名称": NAME, "单位编号": CODE}
_BOTH = {"单位名称": NAME, "联系人": PERSON}


def _fields(*ids: str) -> str:
    return "".join(f"<td><input id={one}></td>" for one in ids)


SHAPES = (
    Shape(
        "label in the cell to the left",
        f"<table><tr><td>单位名称：</td><td>{NAME}</td><td>单位编号：</td><td>{CODE}</td></tr></table>",
        reads=_PAIR,
    ),
    Shape(
        "head at the left over two rows",
        f"<table><tr><th rowspan=2>单位信息</th><th>单位名称</th><td>{NAME}</td></tr><tr><th>单位编号</th><td>{CODE}</td></tr></table>",
        reads=_PAIR,
        absent=("单位信息",),
    ),
    Shape(
        "value over several columns",
        f"<table><tr><td>单位名称：</td><td colspan=3>{NAME}</td></tr><tr><td>单位编号：</td><td>{CODE}</td><td>联系人：</td><td>{PERSON}</td></tr></table>",
        reads={**_PAIR, "联系人": PERSON},
    ),
    Shape(
        "heads above, values in the row below",
        f"<table><tr><th>单位名称</th><th>单位编号</th><th>联系人</th></tr><tr><td>{NAME}</td><td>{CODE}</td><td>{PERSON}</td></tr></table>",
        reads={**_PAIR, "联系人": PERSON},
    ),
    Shape(
        "heads above without th, told by their colour",
        f"<table><tr class=h style='background:#eee'><td class=h style='background:#eee'>单位名称</td><td class=h style='background:#eee'>联系人</td></tr>"
        f"<tr><td>{NAME}</td><td>{PERSON}</td></tr></table>",
        reads=_BOTH,
    ),
    Shape(
        "rows of heads and of values by turns",
        f"<table><tr><th>单位名称</th><th>单位编号</th></tr><tr><td>{NAME}</td><td>{CODE}</td></tr>"
        f"<tr><th>联系人</th><th>联系方式</th></tr><tr><td>{PERSON}</td><td>{PHONE}</td></tr></table>",
        reads={**_PAIR, "联系人": PERSON, "联系方式": PHONE},
    ),
    Shape(
        "group head over columns, and a row of heads below it",
        f"<table><thead><tr><th rowspan=2>单位名称</th><th colspan=2>联系</th></tr><tr><th>联系人</th><th>联系方式</th></tr></thead>"
        f"<tbody><tr><td>{NAME}</td><td>{PERSON}</td><td>{PHONE}</td></tr></tbody></table>",
        reads={"单位名称": NAME, "联系人": PERSON, "联系方式": PHONE},
        absent=("联系",),
    ),
    Shape(
        "three rows of heads",
        f"<table><thead><tr><th colspan=3>单位信息</th></tr><tr><th rowspan=2>单位名称</th><th colspan=2>联系</th></tr><tr><th>联系人</th><th>联系方式</th></tr></thead>"
        f"<tbody><tr><td>{NAME}</td><td>{PERSON}</td><td>{PHONE}</td></tr></tbody></table>",
        reads={"单位名称": NAME, "联系人": PERSON, "联系方式": PHONE},
    ),
    Shape(
        "head at the left, several values beside it",
        "<table><thead><tr><th></th><th>上年度</th><th>本年度</th></tr></thead><tbody><tr><th>参保人数</th><td>10</td><td>12</td></tr></tbody></table>",
        unclear=("参保人数",),
    ),
    Shape(
        "value to the right, or below?",
        "<table><tr><td>单位名称</td><td>示例甲公司</td></tr><tr><td>联系人</td><td>张三</td></tr></table>",
        reads={"单位名称": "示例甲公司", "联系人": "张三"},
        unclear=("单位名称",),
    ),
    Shape(
        "definition list",
        f"<dl><dt>单位名称</dt><dd>{NAME}</dd><dt>单位编号：</dt><dd>{CODE}</dd></dl>",
        reads=_PAIR,
    ),
    Shape(
        "a term with two values", "<dl><dt>联系人</dt><dd>张三</dd><dd>李四</dd></dl>", unclear=("联系人",)
    ),
    Shape(
        "after a colon, parted by line breaks",
        f"<div>单位名称：{NAME}<br>单位编号：{CODE}<br>联系人：<br></div>",
        reads=_PAIR,
    ),
    Shape(
        "span in a paragraph",
        f"<p>单位名称：<span>{NAME}</span></p><p>单位编号：<span>{CODE}</span></p>",
        reads=_PAIR,
    ),
    Shape("bold label", f"<p><b>单位名称：</b>{NAME}</p><p><b>单位编号</b>：{CODE}</p>", reads=_PAIR),
    Shape(
        "several pairs in a line",
        f"<p>单位名称：{NAME}　单位编号：{CODE} 受理时间：2026-03-05 10:30:00</p>",
        reads={**_PAIR, "受理时间": "2026-03-05 10:30:00"},
    ),
    Shape(
        "list item, a span each for label and value",
        f"<ul><li><span>单位名称</span><span>{NAME}</span></li><li><span>单位编号</span><span>{CODE}</span></li></ul>",
        reads=_PAIR,
    ),
    Shape(
        "list item with a colon",
        f"<ul><li>单位名称：{NAME}</li><li>单 位 编 号：{CODE}</li></ul>",
        reads=_PAIR,
    ),
    Shape(
        "table made of div, heads above",
        f"<div><div><div>单位名称</div><div>单位编号</div><div>联系人</div></div><div><div>{NAME}</div><div>{CODE}</div><div>{PERSON}</div></div></div>",
        reads={**_PAIR, "联系人": PERSON},
    ),
    Shape(
        "a div each for label and value",
        f"<div class=row><div class=name>单位名称：</div><div class=value>{NAME}</div></div><div class=row><div class=name>单位编号：</div><div class=value>{CODE}</div></div>",
        reads=_PAIR,
    ),
    Shape(
        "fields to the right of a label over rows",
        "<table><tr><td rowspan=2>联系</td><td>联系人</td><td><input id=a></td></tr><tr><td>联系方式</td><td><input id=b></td></tr></table>",
        fills={"联系人": "a", "联系方式": "b"},
    ),
    Shape(
        "fields beside a cell over rows",
        f"<table><thead><tr><th>序号</th><th>联系人</th><th>联系方式</th></tr></thead><tbody><tr><td rowspan=2>1</td>{_fields('a', 'b')}</tr></tbody></table>",
        fills={"联系人": "a", "联系方式": "b"},
    ),
    Shape(
        "fields below two rows of heads",
        f"<table><thead><tr><th rowspan=2>户名</th><th colspan=2>联系</th></tr><tr><th>联系人</th><th>联系方式</th></tr></thead><tbody><tr>{_fields('a', 'b', 'c')}</tr></tbody></table>",
        fills={"户名": "a", "联系人": "b", "联系方式": "c"},
    ),
    Shape(
        "columns of one name, told apart by the head above",
        f"<table><thead><tr><th colspan=2>上年度</th><th colspan=2>本年度</th></tr><tr><th>人数</th><th>金额</th><th>人数</th><th>金额</th></tr></thead><tbody><tr>{_fields('a', 'b', 'c', 'd')}</tr></tbody></table>",
        fills={"上年度人数": "a", "上年度金额": "b", "本年度人数": "c", "本年度金额": "d"},
        unclear=("人数",),
    ),
    Shape(
        "rows of heads and of fields by turns, without th",
        f"<table><tr><td>户名</td><td>开户银行</td></tr><tr>{_fields('a', 'b')}</tr><tr><td>联系人</td><td>联系方式</td></tr><tr>{_fields('c', 'd')}</tr></table>",
        fills={"户名": "a", "开户银行": "b", "联系人": "c", "联系方式": "d"},
    ),
)


@dataclass(frozen=True, slots=True)
class ListShape:
    """One shape of a list of records; in each record, 详情 puts its 单位名称 into the page's title."""

    title: str
    html: str
    rows: tuple[Mapping[str, str], ...]
    """What a person reads, row by row; the first row's columns are those that are asked for."""


_OPEN = "<a onclick='document.title=`{0}`'>详情</a>"
_TWO = (_PAIR, {"单位名称": "示例乙有限公司", "单位编号": "410000000002"})
_HEADS = "<tr><th>单位名称<th>单位编号<th>操作</tr>"
_RECORDS = "".join(
    f"<tr><td>{one['单位名称']}<td>{one['单位编号']}<td>{_OPEN.format(one['单位名称'])}</tr>" for one in _TWO
)
_GRID_ROWS = "".join(
    f"<div role=row><span role=gridcell>{one['单位名称']}</span> <span role=gridcell>{one['单位编号']}</span> <span role=gridcell>{_OPEN.format(one['单位名称'])}</span></div>"
    for one in _TWO
)
_YEARS = tuple(
    {**_PAIR, "上年度人数": last, "本年度人数": this} for last, this in (("10", "12"), ("20", "24"))
)

LISTS = (
    ListShape("table with thead", f"<table><thead>{_HEADS}</thead><tbody>{_RECORDS}</tbody></table>", _TWO),
    ListShape("table without thead", f"<table>{_HEADS}{_RECORDS}</table>", _TWO),
    ListShape("table without th", f"<table>{_HEADS.replace('<th>', '<td>')}{_RECORDS}</table>", _TWO),
    ListShape(
        "heads in a table of their own",
        f"<div><div><table><thead>{_HEADS}</thead></table></div><div><table><tbody>{_RECORDS}</tbody></table></div></div>",
        _TWO,
    ),
    ListShape(
        "table in a cell of a table that makes the layout",
        f"<table><tr><td>首页</td><td><table><thead>{_HEADS}</thead><tbody>{_RECORDS}</tbody></table></td></tr></table>",
        _TWO,
    ),
    ListShape(
        "cells over rows, heads over columns",
        "<table><thead><tr><th rowspan=2>单位名称<th rowspan=2>单位编号<th>上年度<th>本年度<th rowspan=2>操作</tr><tr><th>人数<th>人数</tr></thead>"
        f"<tbody><tr><td rowspan=2>{NAME}<td rowspan=2>{CODE}<td>10<td>12<td><a>详情</a></tr><tr><td>20<td>24<td>{_OPEN.format(NAME)}</tr></tbody></table>",
        _YEARS,
    ),
    ListShape(
        "grid by its roles",
        "<div role=grid><div role=row><span role=columnheader>单位名称</span> <span role=columnheader>单位编号</span> <span role=columnheader>操作</span></div>"
        f"{_GRID_ROWS}</div>",
        _TWO,
    ),
)
