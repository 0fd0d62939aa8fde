"""Every claim of every pack holds, on the embedded engine and on a real Neo4j."""

import os
import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pytest

from graphdb.casework.proving import prove_packs
from graphdb.errors import InputRefused
from graphdb.packs import Proof, catalogue, load_packs, new_pack, read_pack
from graphdb.packs.text import complaints, needs
from graphdb.store import EMBEDDED, Store
from tests.conftest import SERVER, server_credentials

PACKS = [pack.id for pack in load_packs()]
REVISIONS = catalogue() / "revisions.toml"
PROMISED = {
    *("account_market/seller_inventory", "account_market/resale_timeline"),
    *("account_market/nursery_device", "account_market/full_chain", "account_market/fake_seller"),
    *("devices/many_accounts_one_device", "devices/ip_cluster", "groups/shill_group"),
    *("groups/same_cast", "victims/journey", "victims/unreported", "money/first_receivers"),
}


def test_the_promised_packs_are_there() -> None:
    assert set(PACKS) >= PROMISED


@pytest.mark.parametrize("id_", PACKS)
def test_a_pack_keeps_its_claims(id_: str) -> None:
    proofs = list(prove_packs(load_packs([id_]), EMBEDDED))
    assert len(proofs) > 10
    assert [(proof.check, proof.wrong) for proof in proofs if not proof.ok] == []


@pytest.fixture(scope="module")
def proofs_on_server(server: Store) -> Mapping[str, list[Proof]]:
    """All packs proved in one graph: a server takes longer to load than to answer."""
    server.clear()
    assert SERVER is not None
    proofs: dict[str, list[Proof]] = defaultdict(list)
    for proof in prove_packs(load_packs(), SERVER, server_credentials()):
        proofs[proof.pack].append(proof)
    assert server.count().nodes == {}
    return proofs


@pytest.mark.neo4j
@pytest.mark.parametrize("id_", PACKS)
def test_a_pack_keeps_its_claims_on_neo4j(
    id_: str, proofs_on_server: Mapping[str, list[Proof]]
) -> None:
    proofs = proofs_on_server[id_]
    assert len(proofs) >= 10
    assert [(proof.check, proof.wrong) for proof in proofs if not proof.ok] == []


def test_a_changed_pack_raises_its_revision() -> None:
    """`revisions.toml` holds each pack's hash by revision, so no answer changes unseen."""
    now = {pack.id: (pack.revision, pack.sha256) for pack in load_packs()}
    if os.environ.get("GRAPHDB_WRITE_GOLDEN"):
        lines = [f'"{id_}" = {{ r{revision} = "{sha}" }}' for id_, (revision, sha) in now.items()]
        REVISIONS.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    held = tomllib.loads(REVISIONS.read_text(encoding="utf-8"))
    assert {id_: (f"r{revision}", sha) for id_, (revision, sha) in now.items()} == {
        id_: next(iter(entry.items())) for id_, entry in held.items()
    }, "raise `revision` in the pack, run `make golden`, and list it under 'Answers changed'"


HAN = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("id_", PACKS)
def test_a_pack_says_in_chinese_what_it_asks_and_what_would_explain_it(id_: str) -> None:
    (pack,) = load_packs([id_])
    said = [text for innocent in pack.innocents for text in (innocent.says_zh, innocent.check_zh)]
    texts = (pack.question_zh, pack.not_covered_zh, *said)
    assert [text for text in texts if not HAN.search(text)] == []


def good(folder: Path, old: str, new: str) -> Path:
    """Write a good pack with one thing changed; texts of the catalogue may change at any time."""
    path, _ = new_pack("devices/x", folder)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('// level = "lead"', '// level = "proof"', "'proof' is none of"),
        ('// status = "draft"', '// colour = "red"', "'status'"),
        ("// revision = 1", '// revision = 1\n// colour = "red"', "does not know 'colour'"),
        ('Account = "members" }', 'Acount = "members" }', "unknown label 'Acount'"),
        ("// evidence = {", "// proof = {", "last column is not 'evidence'"),
        ("// question =", "question =", "lacks its '//'"),
        ('// check_zh = "', '// chek_zh = "', "'household' has an unknown key 'chek_zh'"),
        ('// check = "', '// check_zh = "', "the front matter is no TOML"),
    ],
)
def test_a_pack_with_wrong_front_matter_is_refused(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    path = good(tmp_path, old, new)
    with pytest.raises(InputRefused) as caught:
        read_pack(path, "x")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("RETURN device.id", "SET device.id = 'x' RETURN device.id", "may not write"),
        ("ORDER BY accounts", "LIMIT 5 // ORDER", "may not cut"),
        ("account.id) AS members", "account.name) AS members", "no property of ours"),
        ("accounts >= $min", "accounts >= $max", "$max_accounts is used but not declared"),
        ("count(DISTINCT account)", "sum(DISTINCT account)", "equal amounts"),
        ("[login:LOGGED_IN_ON]", "[login:LOGGED_IN_ON*1..]", "bound it"),
        ("RETURN device.id", "RETURN id(device)", "name the properties"),
    ],
)
def test_what_no_pack_may_do_is_said_with_its_line(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert says in "; ".join(complaints(read_pack(good(tmp_path, old, new), "x")))


def test_a_pack_needs_what_its_plain_matches_name() -> None:
    (chain,) = load_packs(["account_market/full_chain"])
    (branch,) = needs(chain)
    assert {"Seller", "SOLD", "Sale", "OF", "MEMBER_OF", "SENT", "PAID_TO"} <= branch
    assert "Report" not in branch
    assert "LOGGED_IN_ON" not in branch
