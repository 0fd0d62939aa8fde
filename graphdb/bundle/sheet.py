"""The sheet that says how to open and check a bundle, for somebody who has only stock tools."""

from typing import Final

_SHEET: Final = """如何打开与核验本证据包   HOW TO OPEN AND CHECK THIS BUNDLE
====================================================================

{number}  {title}
用途 Purpose: {zh} / {en}
{edition}

一、打开  Open
  data/exhibit/chart.pdf      图表（PDF/A-3，可打印；附件含原始行） the exhibit, rows attached
  data/exhibit/chart-*.svg    同一图表，逐页 the same, page by page
  data/exhibit/chart.html     交互版，离线，用浏览器打开 interactive, no network
  data/exhibit/timeline-*.svg 时间轴 time line
  data/exhibit/trail-*.svg    资金追踪（如有） the money trail, where there is one
  data/exhibit/links.csv      每一事件一行 every event, one a row
  data/evidence_index.csv     证据清单：来源、提供人、接收人、时间、校验值 the list of evidence
  data/graph/excluded.csv     未列入的原始行及原因 rows left out, and why
  data/graph/contradicting.csv 相互矛盾的记录 records that contradict each other

二、只用系统自带工具核验  Check with stock tools only
  1. sha256sum tagmanifest-sha256.txt
     结果须与经签名的纸质移交记录上的根校验值一致。
     It must equal the root hash on the signed paper record.
     (Windows: certutil -hashfile tagmanifest-sha256.txt SHA256;  macOS: shasum -a 256 ...)
  2. sha256sum -c tagmanifest-sha256.txt
  3. sha256sum -c manifest-sha256.txt
     每行须为 OK。 Every line must say OK.
  4. 文件数须与 bag-info.txt 的 Payload-Oxum 一致（点后为 data/ 下文件数）。
     The number of files under data/ must be the one after the point in Payload-Oxum.

三、用 Linkwright 重做  Do it again with Linkwright
  linkwright verify . --root-hash ROOT_HASH
  由证据重新生成图数据与图表并逐字节比对。
  It derives graph and drawings from the evidence again and compares the bytes.
  退出码 exit code: 0 已核验 verified; 1 未通过 not verified;
  2 仅自洽（未提供外部根校验值）self-consistent only

包内自带的公钥不能证明任何事；须使用另行取得的根校验值、公钥或证书。
A key that comes with the bundle proves nothing: use a root hash, key or certificate from elsewhere.
"""


def how_to_open(number: str, title: str, en: str, zh: str, redacted: str) -> bytes:
    """Write the sheet, in Chinese and English."""
    edition = (
        f"版本：送达版（{redacted} 已用假名），原始证据另行保管。"
        "Served edition: pseudonyms stand for what is withheld; the evidence is kept apart."
        if redacted
        else "版本：含原始证据。Edition with the evidence as received."
    )
    return _SHEET.format(number=number, title=title, en=en, zh=zh, edition=edition).encode()
