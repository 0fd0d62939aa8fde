"""What forensic tools and charts give: UFED, CASE/UCO, FollowTheMoney, ANX, GraphML, GEXF."""

import io
import json
import zipfile

from tests.contract.formats import Case


def field(name: str, value: str) -> str:
    return f'<field name="{name}" type="String"><value type="String">{value}</value></field>'


def party(role: str, number: str, owner: str = "False") -> str:
    return (
        f'<model type="Party" id="p">{field("Identifier", number)}{field("Role", role)}'
        f"{field('IsPhoneOwner', owner)}</model>"
    )


def several(name: str, *models: str) -> str:
    return f'<multiModelField name="{name}" type="x">{"".join(models)}</multiModelField>'


AT = field("TimeStamp", "2025-03-01T10:00:00+08:00")
CALL = (
    f'<model type="Call" id="c1" deleted_state="Intact">{AT}'
    f"{field('Duration', '00:01:02')}{field('Type', 'Outgoing')}"
    f"{several('Parties', party('To', '17000000002'))}<empty/></model>"
)
SAID = (
    f'<model type="InstantMessage" id="m1">{AT}'
    f"{field('Body', '<![CDATA[稳赚 & <b>]]>')}"
    f'<modelField name="From" type="Party">{party("From", "wxid_shill")}</modelField></model>'
)
CHAT = (
    f'<model type="Chat" id="h1">{field("Source", "WeChat")}{field("Id", "700000001@chatroom")}'
    + several("Participants", party("", "wxid_a", "True"), party("", "wxid_b"),
              party("", "wxid_shill"))
    + several("Messages", SAID) + "</model>"
)  # fmt: skip
UFED = (
    '\ufeff<?xml version="1.0" encoding="utf-8"?>'
    '<project xmlns="http://pa.cellebrite.com/report/2.0"><metadata section="Device">'
    '<item name="MSISDN">17000000001</item></metadata><decodedData>'
    f'<modelType type="Call">{CALL}</modelType><modelType type="Chat">{CHAT}</modelType>'
    f'<modelType type="Contact"><model type="Contact" id="k1">{field("Name", "老师")}'
    + several(
        "Entries", f'<model type="PhoneNumber" id="n">{field("Value", "17000000003")}</model>'
    )
    + f'</model></modelType><modelType type="UserAccount"><model type="UserAccount" id="u1">'
    f"{field('Source', 'WeChat')}{field('Username', 'wxid_a')}{field('Name', '张某')}</model>"
    '</modelType><modelType type="Cookie"><model type="Cookie" id="x"/></modelType>'
    "</decodedData></project>"
).encode()


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), content)
    return file.getvalue()


CONTEXT = {
    "kb": "http://example.org/kb/",
    "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
    "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def phone(name: str, number: str) -> dict[str, object]:
    facet = {"@id": f"kb:{name}-f", "@type": "uco-observable:PhoneAccountFacet",
             "uco-observable:phoneNumber": number}  # fmt: skip
    return {"@id": f"kb:{name}", "@type": ["uco-observable:PhoneAccount"],
            "uco-core:hasFacet": [facet]}  # fmt: skip


PHONES = [phone("a", "17000000001"), phone("b", "17000000002")]
UCO_CALL = {
    "@id": "kb:call", "@type": "uco-observable:Call", "uco-core:hasFacet": {
        "@id": "kb:call-f", "@type": "uco-observable:CallFacet",
        "uco-observable:from": {"@id": "kb:a"}, "uco-observable:to": {"@id": "kb:b"},
        "uco-observable:startTime": {"@type": "xsd:dateTime", "@value": "2025-03-01T03:00:00Z"},
        "uco-observable:duration": {"@type": "xsd:integer", "@value": "62"}},
}  # fmt: skip
UCO = {"@context": CONTEXT, "@graph": [*PHONES, UCO_CALL]}


def entity(id_: str, schema: str, **properties: str) -> str:
    values = {name: [value] for name, value in properties.items()}
    return json.dumps({"id": id_, "schema": schema, "properties": values}, ensure_ascii=False)


FTM = "\n".join((
    entity("p1", "Person", name="张某"),
    entity("a1", "BankAccount", accountNumber="6222020000000000001"),
    entity("a2", "BankAccount", iban="DE00000000000000000001"),
    entity("o1", "Ownership", owner="p1", asset="a1"),
    entity("t1", "Payment", payerAccount="a1", beneficiaryAccount="a2", amount="84000.07",
           currency="CNY", date="2025-03-01T03:00:00"),
    "{broken",
    entity("x1", "Vessel", name="Lady"),
)).encode()  # fmt: skip


def item(label: str, body: str, **more: str) -> str:
    said = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<ChartItem Id="{label}" Label="{label}"{said}>{body}</ChartItem>'


def node(id_: str, identity: str, type_: str) -> str:
    return item(identity, f'<End X="0"><Entity EntityId="{id_}" Identity="{identity}"><Icon>'
                f'<IconStyle Type="{type_}"/></Icon></Entity></End>')  # fmt: skip


ANX = (
    '<?xml version="1.0" encoding="UTF-16"?><Chart IdReferenceLinking="false"><ChartItemCollection>'
    + node("1", "17000000001", "Phone") + node("2", "17000000002", "Phone")
    + item("4 calls", '<Link End1Id="1" End2Id="2"><LinkStyle Type="Calls"/></Link>',
           DateSet="true", TimeSet="true", DateTime="2026-02-14T09:30:00.000")
    + item("likes", '<Link End1Id="1" End2Id="2"><LinkStyle Type="Likes"/></Link>')
    + "</ChartItemCollection></Chart>"
)  # fmt: skip
GRAPHML = """<?xml version="1.0"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="type" attr.type="string"/>
<key id="d1" for="edge" attr.name="amount" attr.type="double"/>
<key id="d2" for="edge" attr.name="time" attr.type="string"/>
<graph edgedefault="directed">
<node id="bank:6222020000000000001"><data key="d0">account</data></node>
<edge source="bank:6222020000000000001" target="bank:6222020000000000002">
<data key="d1">84000.07</data><data key="d2">2025-03-01 10:00:00</data></edge>
</graph></graphml>"""
GEXF = """<?xml version="1.0"?><gexf xmlns="http://gexf.net/1.3" version="1.3">
<graph defaultedgetype="directed">
<attributes class="node"><attribute id="0" title="type" type="string"/></attributes><nodes>
<node id="n1" label="张某">
<attvalues><attvalue for="0" value="Person"/><attvalue for="9" value="?"/></attvalues></node>
<node id="n2" label="6222020000000000001">
<attvalues><attvalue for="0" value="bank account"/></attvalues></node></nodes>
<edges><edge id="e1" source="n1" target="n2" label="owns"/></edges></graph></gexf>"""

CASES = (
    Case(
        "ufed_report", "XML with a mark, CDATA, empty elements and a model that is not read",
        "report.xml", UFED,
        {"calls": (1, 0), "messages": (1, 0), "members": (1, 0), "contacts": (1, 0),
         "accounts": (1, 0)}, {},
        {"calls": {"caller": "17000000001", "callee": "17000000002", "seconds": "62"},
         "messages": {"account": "wechat:wxid_shill", "text": "稳赚 & <b>"},
         "contacts": {"friend": "phone:17000000003", "name": "老师"},
         "accounts": {"account": "wechat:wxid_a", "name": "张某"}},
        warnings=("1 Cookie",),
    ),
    Case(
        "ufed_report", "UFDR: the report in an archive", "phone.ufdr",
        zipped("report.xml", UFED),
        {"calls": (1, 0), "messages": (1, 0), "members": (1, 0), "contacts": (1, 0),
         "accounts": (1, 0)}, {},
        {"calls": {"caller": "17000000001"}},
    ),
    Case(
        "case_uco", "facets in a list and alone, typed values", "case.jsonld",
        json.dumps(UCO, indent=1).encode(),
        {"accounts": (2, 0), "calls": (1, 0)}, {},
        {"calls": {"caller": "17000000001", "callee": "17000000002", "seconds": "62"}},
    ),
    Case(
        "ftm_entities", "accounts by their numbers, a broken line, a schema that is not read",
        "entities.ftm.json", FTM,
        {"persons": (1, 1), "accounts": (2, 0), "holdings": (1, 0), "payments": (1, 0)},
        {"payments": (1, "84000.07")},
        {"payments": {"from_account": "bank:6222020000000000001", "amount_minor": 8400007}},
        warnings=("1 Vessel",),
    ),
    Case(
        "anx", "UTF-16, a link of a kind that is not known", "chart.anx", ANX.encode("utf-16"),
        {"accounts": (2, 0), "calls": (1, 0)}, {},
        {"calls": {"caller": "17000000001", "callee": "17000000002"}},
        warnings=("1 Likes",),
    ),
    Case(
        "graphml", "a node that is never declared", "chart.graphml", GRAPHML.encode(),
        {"accounts": (2, 0), "payments": (1, 0)}, {"payments": (1, "84000.07")},
        {"payments": {"to_account": "bank:6222020000000000002", "amount_minor": 8400007}},
    ),
    Case(
        "gexf", "a value of an attribute that is never declared", "chart.gexf", GEXF.encode(),
        {"persons": (1, 0), "accounts": (1, 0), "holdings": (1, 0)}, {},
        {"holdings": {"account": "bank:6222020000000000001"}},
    ),
)  # fmt: skip
