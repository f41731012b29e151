"""Lists as the grid libraries themselves draw them: pinned columns, rows drawn only in view, drawn marks."""

# ruff: noqa: E501 - pages are easier to read unbroken

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ROWS = """const rows = Array.from({ length: 60 }, (_, at) => ({ id: at + 1, number: `4100${String(at + 1).padStart(8, '0')}`,
  name: `示例${at + 1}号有限公司`, day: `2026-03-${String(at % 28 + 1).padStart(2, '0')}`, area: '郑州市', person: `经办${at + 1}` }));"""

_UI_GRID = "<div ng-controller=List><div ui-grid=options ui-grid-selection ui-grid-pinning ui-grid-resize-columns style='width:700px;height:300px'></div></div>"
_UI_GRID_START = f"""() => {{ {ROWS}
  const act = '<div class="ui-grid-cell-contents"><a class="btn" title="详情" ng-click="grid.appScope.open(row.entity)"><i>详情</i></a> <a class="btn" title="删除"><i>删除</i></a></div>';
  angular.module('hall', ['ui.grid', 'ui.grid.selection', 'ui.grid.pinning', 'ui.grid.resizeColumns']).controller('List', ($scope, i18nService) => {{
    i18nService.setCurrentLang('zh-cn');
    $scope.open = (one) => {{ document.title = one.name }};
    window.chosen = () => $scope.api.selection.getSelectedRows().map((one) => one.id);
    $scope.options = {{ data: rows, showGridFooter: true, enableSelectAll: true, onRegisterApi: (api) => {{ $scope.api = api }}, columnDefs: [
      {{ name: 'act', displayName: '操作功能', cellTemplate: act, width: 120, pinnedLeft: true }}, {{ field: 'id', displayName: '序号', width: 80 }},
      {{ field: 'number', displayName: '单位编号', width: 180 }}, {{ field: 'name', displayName: '单位名称', width: 220 }},
      {{ field: 'day', displayName: '填报日期', width: 140 }}, {{ field: 'area', displayName: '统筹区', width: 140, pinnedRight: true }} ] }};
  }});
  angular.bootstrap(document.body, ['hall']); }}"""

_AG = "<div id=grid class=ag-theme-alpine style='width:700px;height:300px'></div>"
_AG_START = f"""() => {{ {ROWS}
  const open = (cell) => {{ const link = document.createElement('a'); link.textContent = '详情'; link.href = 'javascript:void(0)';
    link.onclick = () => {{ document.title = cell.data.name }}; return link; }};
  const api = agGrid.createGrid(document.getElementById('grid'), {{ rowData: rows, rowSelection: 'multiple', suppressRowClickSelection: true, suppressColumnVirtualisation: true, columnDefs: [
    {{ headerName: '', checkboxSelection: true, pinned: 'left', width: 50 }}, {{ headerName: '操作功能', pinned: 'left', width: 100, cellRenderer: open }},
    {{ field: 'id', headerName: '序号', width: 80 }}, {{ field: 'number', headerName: '单位编号', width: 180 }}, {{ field: 'name', headerName: '单位名称', width: 220 }},
    {{ headerName: '填报', children: [{{ field: 'day', headerName: '填报日期', width: 140 }}, {{ field: 'person', headerName: '填报人', width: 140 }}] }},
    {{ field: 'area', headerName: '统筹区', width: 120, pinned: 'right' }} ] }});
  window.chosen = () => api.getSelectedRows().map((one) => one.id); }}"""

_EL_V2 = "<div id=app><el-table-v2 :columns=columns :data=rows :width=700 :height=300 fixed row-key=id></el-table-v2></div>"
_EL_V2_START = f"""() => {{ {ROWS} const h = Vue.h;
  const chosen = Vue.reactive([]);
  const box = ({{ rowData }}) => h(ElementPlus.ElCheckbox, {{ modelValue: chosen.includes(rowData.id), onChange: () => chosen.push(rowData.id) }});
  const open = ({{ rowData }}) => h('a', {{ href: 'javascript:void(0)', onClick: () => {{ document.title = rowData.name }} }}, '详情');
  const columns = [ {{ key: 'box', width: 50, cellRenderer: box, fixed: 'left' }}, {{ key: 'act', title: '操作功能', width: 100, cellRenderer: open, fixed: 'left' }},
    {{ key: 'id', dataKey: 'id', title: '序号', width: 80 }}, {{ key: 'number', dataKey: 'number', title: '单位编号', width: 180 }},
    {{ key: 'name', dataKey: 'name', title: '单位名称', width: 220 }}, {{ key: 'day', dataKey: 'day', title: '填报日期', width: 140 }},
    {{ key: 'area', dataKey: 'area', title: '统筹区', width: 120, fixed: 'right' }} ];
  window.chosen = () => [...chosen];
  Vue.createApp({{ setup: () => ({{ columns, rows }}) }}).use(ElementPlus).mount('#app'); }}"""

_EL = """<div id=app><el-table :data=rows height=300 style="width:700px" @selection-change="(some) => chosen = some">
  <el-table-column type=selection width=50 fixed></el-table-column>
  <el-table-column label="操作功能" width=100 fixed><template slot-scope=one><a href="javascript:void(0)" @click="open(one.row)">详情</a></template></el-table-column>
  <el-table-column prop=id label="序号" width=80></el-table-column><el-table-column prop=number label="单位编号" width=180></el-table-column>
  <el-table-column prop=name label="单位名称" width=220></el-table-column>
  <el-table-column label="填报"><el-table-column prop=day label="填报日期" width=140></el-table-column><el-table-column prop=person label="填报人" width=140></el-table-column></el-table-column>
  <el-table-column prop=area label="统筹区" width=120 fixed=right></el-table-column></el-table></div>"""
_EL_START = f"""() => {{ {ROWS}
  const vm = new Vue({{ el: '#app', data: {{ rows, chosen: [] }}, methods: {{ open(one) {{ document.title = one.name }} }} }});
  window.chosen = () => vm.chosen.map((one) => one.id); }}"""

_ANT = "<div id=app style='width:700px'></div>"
_ANT_COLUMNS = """const e = React.createElement; const open = (_, one) => e('a', { href: '#', onClick: (act) => { act.preventDefault(); document.title = one.name } }, '详情');
  const columns = [ { title: '操作功能', key: 'act', width: 100, fixed: 'left', render: open }, { title: '序号', dataIndex: 'id', width: 80 }, { title: '单位编号', dataIndex: 'number', width: 180 },
    { title: '单位名称', dataIndex: 'name', width: 220 }, { title: '填报日期', dataIndex: 'day', width: 140 }, { title: '统筹区', dataIndex: 'area', width: 120, fixed: 'right' } ];
  let keys = []; window.chosen = () => keys;
  const rowSelection = { fixed: true, columnWidth: 50, onChange: (some) => { keys = some } };"""
_ANT_START = f"""() => {{ {ROWS} {_ANT_COLUMNS}
  ReactDOM.createRoot(document.getElementById('app')).render(e(antd.Table, {{ columns, rowSelection, dataSource: rows, rowKey: 'id', pagination: false, scroll: {{ x: 840, y: 240 }} }})); }}"""
_ANT_VIRTUAL_START = _ANT_START.replace("pagination: false", "pagination: false, virtual: true")
_ANT_3_START = f"""() => {{ {ROWS} {_ANT_COLUMNS}
  ReactDOM.render(e(antd.Table, {{ columns, rowSelection, dataSource: rows, rowKey: 'id', pagination: false, scroll: {{ x: 840, y: 240 }} }}), document.getElementById('app')); }}"""

_LAYUI = "<div style='width:700px'><table id=t lay-filter=t></table></div><script type=text/html id=act><a lay-event=open>详情</a></script>"
_LAYUI_START = f"""() => new Promise((resolve) => layui.use(['table'], () => {{ {ROWS}
  layui.table.render({{ elem: '#t', data: rows, height: 300, limit: 90, done: () => resolve(), cols: [[ {{ type: 'checkbox', fixed: 'left' }}, {{ title: '操作功能', toolbar: '#act', fixed: 'left', width: 100 }},
    {{ field: 'id', title: '序号', width: 80 }}, {{ field: 'number', title: '单位编号', width: 180 }}, {{ field: 'name', title: '单位名称', width: 220 }},
    {{ field: 'day', title: '填报日期', width: 140 }}, {{ field: 'area', title: '统筹区', width: 120, fixed: 'right' }} ]] }});
  layui.table.on('tool(t)', (one) => {{ document.title = one.data.name }});
  window.chosen = () => layui.table.checkStatus('t').data.map((one) => one.id);
}}))"""

_EASYUI = "<table id=t></table>"
_EASYUI_START = f"""() => {{ {ROWS}
  $('#t').datagrid({{ width: 700, height: 300, data: rows, idField: 'id', checkOnSelect: false, selectOnCheck: false,
    frozenColumns: [[ {{ field: 'box', checkbox: true }}, {{ field: 'act', title: '操作功能', width: 100, formatter: (_, one) => `<a href="javascript:void(document.title = '${{one.name}}')">详情</a>` }} ]],
    columns: [[ {{ field: 'id', title: '序号', width: 80 }}, {{ field: 'number', title: '单位编号', width: 180 }}, {{ field: 'name', title: '单位名称', width: 220 }},
      {{ field: 'day', title: '填报日期', width: 140 }}, {{ field: 'area', title: '统筹区', width: 120 }} ]] }});
  window.chosen = () => $('#t').datagrid('getChecked').map((one) => one.id); }}"""


@dataclass(frozen=True, slots=True)
class Grid:
    """A list of sixty units as one library draws it: 操作功能 pinned to the left, 统筹区 to the right."""

    html: str
    files: Sequence[str]
    """Of the library, below the cache of packages."""
    start: str
    """Draws the list; ``chosen()`` then tells which ids the library takes for marked."""


GRIDS = {
    "ui-grid 3.2.9": Grid(
        _UI_GRID,
        ("angular/angular.min.js", "ui-grid-3.2/ui-grid.css", "ui-grid-3.2/ui-grid.js"),
        _UI_GRID_START,
    ),
    "ui-grid 4": Grid(
        _UI_GRID,
        (
            "angular-1.8/angular.min.js",
            "ui-grid/ui-grid.css",
            "ui-grid/ui-grid.js",
        ),
        _UI_GRID_START,
    ),
    "ag-grid": Grid(_AG, ("ag-grid-community/dist/ag-grid-community.min.js",), _AG_START),
    "element-plus virtual table": Grid(
        _EL_V2,
        (
            "element-plus/dist/index.css",
            "vue3/dist/vue.global.prod.js",
            "element-plus/dist/index.full.min.js",
        ),
        _EL_V2_START,
    ),
    "element-ui fixed columns": Grid(
        _EL,
        ("element-ui/lib/theme-chalk/index.css", "vue/dist/vue.min.js", "element-ui/lib/index.js"),
        _EL_START,
    ),
    "ant-design 5": Grid(
        _ANT,
        (
            "react/umd/react.production.min.js",
            "react-dom/umd/react-dom.production.min.js",
            "dayjs/dayjs.min.js",
            "antd/dist/antd.min.js",
        ),
        _ANT_START,
    ),
    "ant-design 5 virtual": Grid(
        _ANT,
        (
            "react/umd/react.production.min.js",
            "react-dom/umd/react-dom.production.min.js",
            "dayjs/dayjs.min.js",
            "antd/dist/antd.min.js",
        ),
        _ANT_VIRTUAL_START,
    ),
    "ant-design 3": Grid(
        _ANT,
        (
            "antd-3/dist/antd.min.css",
            "react/umd/react.production.min.js",
            "react-dom/umd/react-dom.production.min.js",
            "moment/min/moment.min.js",
            "antd-3/dist/antd.min.js",
        ),
        _ANT_3_START,
    ),
    "layui": Grid(_LAYUI, ("layui/dist/css/layui.css", "layui/dist/layui.js"), _LAYUI_START),
    "layui 2.6": Grid(_LAYUI, ("layui-2.6/dist/css/layui.css", "layui-2.6/dist/layui.js"), _LAYUI_START),
    "easyui": Grid(
        _EASYUI,
        (
            "jquery-easyui/css/easyui.css",
            "jquery/dist/jquery.min.js",
            "jquery-easyui/js/jquery.easyui.min.js",
        ),
        _EASYUI_START,
    ),
}
