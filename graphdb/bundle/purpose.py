"""What an exhibit is made for: the word for it is printed, and what it forbids is refused."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from graphdb.errors import WrongUsage, quoted
from graphdb.model import Link


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose: its name on the command line, its words on the exhibit, what it allows."""

    name: str
    en: str
    zh: str
    recorded_only: bool
    is_neutral: bool
    needs_examiner: bool = False


PURPOSES: Final = {
    purpose.name: purpose
    for purpose in (
        Purpose("display", "Investigative display; not an appraisal opinion",
                "侦查展示，不是鉴定意见", recorded_only=False, is_neutral=False),
        # FRE 1006: the summary stands for the records, so it may hold nothing else.
        Purpose("summary", "Summary of records (FRE 1006); nothing inferred",
                "记录汇总，不含推断", recorded_only=True, is_neutral=True),
        # FRE 107: an aid is no evidence and does not go to the jury room.
        Purpose("aid", "Illustrative aid (FRE 107); not evidence",
                "说明性辅助，不是证据", recorded_only=False, is_neutral=True),
        # The appraiser is registered, and may not do other work of the investigation.
        Purpose("appraisal_annex", "Annex to a fund-analysis appraisal",
                "资金分析鉴定附图", recorded_only=True, is_neutral=True, needs_examiner=True),
    )
}  # fmt: skip
# A title of a summary states what is shown, never what it proves.
_LOADED: Final = (
    "fraud", "scam", "crim", "gang", "launder", "guilt", "culprit", "suspect", "boss", "mule",
    "诈骗", "骗", "犯罪", "团伙", "洗钱", "嫌疑", "主犯", "罪", "赃", "头目", "黑灰产",
)  # fmt: skip


def purpose_named(name: str) -> Purpose:
    """Find a purpose.

    Raises:
        WrongUsage: there is none of that name.
    """
    if name not in PURPOSES:
        raise WrongUsage(
            f"there is no purpose {quoted(name)}", fix=f"--purpose {'|'.join(PURPOSES)}"
        )
    return PURPOSES[name]


def check_purpose(
    purpose: Purpose, title: str, links: Sequence[Link], examiner: str, officers: Collection[str]
) -> None:
    """Refuse what the purpose does not allow.

    Raises:
        WrongUsage: the title is loaded, a link is no record, or the examiner is an officer.
    """
    if purpose.is_neutral and (found := [w for w in _LOADED if w in title.lower()]):
        raise WrongUsage(
            f"the title says '{found[0]}', and an exhibit for '{purpose.name}' says what it "
            "shows, not what it proves",
            fix="--title with neutral words, such as: Flow of funds, 资金流向图",
        )
    other = [link for link in links if link.basis != "recorded"]
    if purpose.recorded_only and other:
        raise WrongUsage(
            f"{len(other):,} links are {other[0].basis}, and an exhibit for '{purpose.name}' "
            "holds recorded rows only",
            where=f"{other[0].source} {other[0].type} {other[0].target}",
            fix="--recorded-only leaves them out and lists their rows as excluded",
        )
    if purpose.needs_examiner and not examiner:
        raise WrongUsage(
            "an annex to an appraisal names its examiner",
            fix="--examiner 'NAME, registration number'",
        )
    if purpose.needs_examiner and any(name and name in examiner for name in officers):
        raise WrongUsage(
            "the examiner is one of those who worked on the case",
            where=examiner,
            fix="an examiner does no other work of the investigation: name another",
        )
