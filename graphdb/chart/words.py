"""The words of a chart in English and Chinese."""

from typing import Final

from graphdb.model import LINK_TYPES, NODE_TYPES

ROLES: Final = {
    "seller": ("seller of accounts", "号商"),
    "sold": ("sold account", "被售账号"),
    "operator": ("device that ran sold accounts", "操作设备"),
    "group": ("group", "群"),
    "victim": ("suspected victim", "疑似受害人"),
    "layer1": ("first receiver", "一级收款"),
    "layer2": ("second layer", "二级收款"),
    "layer3": ("third layer or cash", "三级收款或取现"),
}
BASES: Final = {
    "recorded": ("recorded", "记录"),
    "stated": ("stated", "陈述"),
    "inferred": ("inferred", "推断"),
}
PAGE: Final = {
    "search": ("Search: name, number, id ...", "搜索：名称、号码、标识…"),
    "legend": ("Legend and filters", "图例与筛选"),
    "links": ("Links", "连线"),
    "panel": (
        "Click a node or a line, or choose a row of the table",
        "点击节点或连线，或选择表格行",
    ),
    "table": ("All links", "全部连线"),
    "from": ("from", "自"),
    "to": ("to", "至"),
    "type": ("type", "类型"),
    "when": ("when", "时间"),
    "amount": ("amount", "金额"),
    "basis": ("basis", "依据"),
    "evidence": ("evidence", "证据"),
    "sources": ("Source rows, as written", "原始行（照录）"),
    "properties": ("Properties", "属性"),
    "members": ("In this stack", "本组成员"),
    "records": ("records", "条记录"),
    "findings": ("Findings that name it", "相关发现"),
    "innocent": ("may be innocent", "无辜解释"),
    "check": ("check", "核实"),
    "times": ("Period", "时间段"),
    "undated": ("lines without a time stay", "条无时间的连线保留"),
    "zone": ("Times are UTC+08:00", "时间均为 UTC+08:00"),
    "fit": ("Whole chart", "全图"),
    "clear": ("Clear", "清除"),
    "nothing": ("nothing found", "未找到"),
    "role": ("part", "角色"),
    "more": ("more rows not shown here; all are in the exhibit", "行未在此显示，见证物原件"),
    "guilt": (
        "A link chart shows what records say. It is a lead to check, never a finding of guilt.",
        "本图仅展示记录内容，为待核实线索，不构成有罪认定。",
    ),
}


def words() -> dict[str, dict[str, tuple[str, str]]]:
    """Give every word of the page: labels and link types come from the declared schema."""
    return {
        "label": {label: (label, node.zh) for label, node in NODE_TYPES.items()},
        "type": {
            "PAYMENT": ("payment", "付款"),
            **{t: (t.lower().replace("_", " "), link.zh) for t, link in LINK_TYPES.items()},
        },
        "role": ROLES,
        "basis": BASES,
        "page": PAGE,
    }
