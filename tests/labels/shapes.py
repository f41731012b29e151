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
        "标签在左，值在右边的单元格",
        f"<table><tr><td>单位名称：</td><td>{NAME}</td><td>单位编号：</td><td>{CODE}</td></tr></table>",
        reads=_PAIR,
    ),
    Shape(
        "左侧表头跨两行",
        f"<table><tr><th rowspan=2>单位信息</th><th>单位名称</th><td>{NAME}</td></tr><tr><th>单位编号</th><td>{CODE}</td></tr></table>",
        reads=_PAIR,
        absent=("单位信息",),
    ),
    Shape(
        "值跨多列",
        f"<table><tr><td>单位名称：</td><td colspan=3>{NAME}</td></tr><tr><td>单位编号：</td><td>{CODE}</td><td>联系人：</td><td>{PERSON}</td></tr></table>",
        reads={**_PAIR, "联系人": PERSON},
    ),
    Shape(
        "表头在上，值在下一行",
        f"<table><tr><th>单位名称</th><th>单位编号</th><th>联系人</th></tr><tr><td>{NAME}</td><td>{CODE}</td><td>{PERSON}</td></tr></table>",
        reads={**_PAIR, "联系人": PERSON},
    ),
    Shape(
        "表头在上，没有 th，底色不同",
        f"<table><tr class=h style='background:#eee'><td class=h style='background:#eee'>单位名称</td><td class=h style='background:#eee'>联系人</td></tr>"
        f"<tr><td>{NAME}</td><td>{PERSON}</td></tr></table>",
        reads=_BOTH,
    ),
    Shape(
        "表头行与值行交替",
        f"<table><tr><th>单位名称</th><th>单位编号</th></tr><tr><td>{NAME}</td><td>{CODE}</td></tr>"
        f"<tr><th>联系人</th><th>联系方式</th></tr><tr><td>{PERSON}</td><td>{PHONE}</td></tr></table>",
        reads={**_PAIR, "联系人": PERSON, "联系方式": PHONE},
    ),
    Shape(
        "表头跨列，下面还有一行表头",
        f"<table><thead><tr><th rowspan=2>单位名称</th><th colspan=2>联系</th></tr><tr><th>联系人</th><th>联系方式</th></tr></thead>"
        f"<tbody><tr><td>{NAME}</td><td>{PERSON}</td><td>{PHONE}</td></tr></tbody></table>",
        reads={"单位名称": NAME, "联系人": PERSON, "联系方式": PHONE},
        absent=("联系",),
    ),
    Shape(
        "三行表头",
        f"<table><thead><tr><th colspan=3>单位信息</th></tr><tr><th rowspan=2>单位名称</th><th colspan=2>联系</th></tr><tr><th>联系人</th><th>联系方式</th></tr></thead>"
        f"<tbody><tr><td>{NAME}</td><td>{PERSON}</td><td>{PHONE}</td></tr></tbody></table>",
        reads={"单位名称": NAME, "联系人": PERSON, "联系方式": PHONE},
    ),
    Shape(
        "左侧表头，右边几个值",
        "<table><thead><tr><th></th><th>上年度</th><th>本年度</th></tr></thead><tbody><tr><th>参保人数</th><td>10</td><td>12</td></tr></tbody></table>",
        unclear=("参保人数",),
    ),
    Shape(
        "值可能在右也可能在下",
        "<table><tr><td>单位名称</td><td>示例甲公司</td></tr><tr><td>联系人</td><td>张三</td></tr></table>",
        reads={"单位名称": "示例甲公司", "联系人": "张三"},
        unclear=("单位名称",),
    ),
    Shape(
        "定义列表",
        f"<dl><dt>单位名称</dt><dd>{NAME}</dd><dt>单位编号：</dt><dd>{CODE}</dd></dl>",
        reads=_PAIR,
    ),
    Shape("一个词条有两个值", "<dl><dt>联系人</dt><dd>张三</dd><dd>李四</dd></dl>", unclear=("联系人",)),
    Shape(
        "冒号后面，以换行分开",
        f"<div>单位名称：{NAME}<br>单位编号：{CODE}<br>联系人：<br></div>",
        reads=_PAIR,
    ),
    Shape(
        "段落里的 span",
        f"<p>单位名称：<span>{NAME}</span></p><p>单位编号：<span>{CODE}</span></p>",
        reads=_PAIR,
    ),
    Shape("标签加粗", f"<p><b>单位名称：</b>{NAME}</p><p><b>单位编号</b>：{CODE}</p>", reads=_PAIR),
    Shape(
        "一行里几对",
        f"<p>单位名称：{NAME}　单位编号：{CODE} 受理时间：2026-03-05 10:30:00</p>",
        reads={**_PAIR, "受理时间": "2026-03-05 10:30:00"},
    ),
    Shape(
        "li，标签和值各一个 span",
        f"<ul><li><span>单位名称</span><span>{NAME}</span></li><li><span>单位编号</span><span>{CODE}</span></li></ul>",
        reads=_PAIR,
    ),
    Shape("li，冒号", f"<ul><li>单位名称：{NAME}</li><li>单 位 编 号：{CODE}</li></ul>", reads=_PAIR),
    Shape(
        "div 排成的表，表头在上",
        f"<div><div><div>单位名称</div><div>单位编号</div><div>联系人</div></div><div><div>{NAME}</div><div>{CODE}</div><div>{PERSON}</div></div></div>",
        reads={**_PAIR, "联系人": PERSON},
    ),
    Shape(
        "div，标签和值各一个 div",
        f"<div class=row><div class=name>单位名称：</div><div class=value>{NAME}</div></div><div class=row><div class=name>单位编号：</div><div class=value>{CODE}</div></div>",
        reads=_PAIR,
    ),
    Shape(
        "输入框在跨行的标签右边",
        "<table><tr><td rowspan=2>联系</td><td>联系人</td><td><input id=a></td></tr><tr><td>联系方式</td><td><input id=b></td></tr></table>",
        fills={"联系人": "a", "联系方式": "b"},
    ),
    Shape(
        "跨行的单元格把后面的行推到右边",
        f"<table><thead><tr><th>序号</th><th>联系人</th><th>联系方式</th></tr></thead><tbody><tr><td rowspan=2>1</td>{_fields('a', 'b')}</tr></tbody></table>",
        fills={"联系人": "a", "联系方式": "b"},
    ),
    Shape(
        "两行表头下的输入框",
        f"<table><thead><tr><th rowspan=2>户名</th><th colspan=2>联系</th></tr><tr><th>联系人</th><th>联系方式</th></tr></thead><tbody><tr>{_fields('a', 'b', 'c')}</tr></tbody></table>",
        fills={"户名": "a", "联系人": "b", "联系方式": "c"},
    ),
    Shape(
        "同名的列，用上一级表头区分",
        f"<table><thead><tr><th colspan=2>上年度</th><th colspan=2>本年度</th></tr><tr><th>人数</th><th>金额</th><th>人数</th><th>金额</th></tr></thead><tbody><tr>{_fields('a', 'b', 'c', 'd')}</tr></tbody></table>",
        fills={"上年度人数": "a", "上年度金额": "b", "本年度人数": "c", "本年度金额": "d"},
        unclear=("人数",),
    ),
    Shape(
        "表头行与输入框行交替，没有 th",
        f"<table><tr><td>户名</td><td>开户银行</td></tr><tr>{_fields('a', 'b')}</tr><tr><td>联系人</td><td>联系方式</td></tr><tr>{_fields('c', 'd')}</tr></table>",
        fills={"户名": "a", "开户银行": "b", "联系人": "c", "联系方式": "d"},
    ),
)
