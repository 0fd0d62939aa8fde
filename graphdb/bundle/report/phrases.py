"""The fixed phrases of a report: what it is, what it is not, and by which method it was made."""

from typing import Final

from graphdb.bundle.report.blocks import Words

WHAT_IT_IS: Final = Words(
    "本报告是侦查研判材料，由程序依据在案记录生成。它不是鉴定意见，也不是审计意见；"
    "其中“疑似”的内容是供核查的线索，不是对任何人有罪的认定。每一项均列明所依据的证物行，"
    "可逐行核对。",
    "This report is an aid to an investigation, made by a program from the records of the case. It "
    "is no "
    "expert opinion (鉴定意见) and no audit. What it calls suspected is a lead to check and no "
    "finding "
    "of guilt. Everything names the rows of the exhibits on which it rests and can be checked "
    "row by row.",
)
NOBODY: Final = Words(
    "制作人、复核人须由承办单位填写并签名；程序不代签。",
    "Who made and who reviewed it is for the unit to fill in and sign; the program signs for "
    "nobody.",
)
LEVELS: Final = {
    "fact": Words("事实：记录的算术结果", "fact: arithmetic on records"),
    "indicator": Words(
        "疑似：推断，附无害解释", "suspected: an inference with innocent explanations"
    ),
    "lead": Words("线索：值得查看", "lead: worth a look"),
}
METHOD: Final = (
    Words(
        "证物：文件按收到时原样保存，计算 SHA-256 与 SM3，登记于只增不改、逐条相扣的案件日志。"
        "每个文件均满足：读取行数 = 入库 + 重复 + 拒收。",
        "Exhibits: files are kept as received, hashed (SHA-256 and SM3) and entered in an "
        "append-only, "
        "hash-chained log. For each file: rows read = loaded + repeated + rejected.",
    ),
    Words(
        "同一性：账号以“平台:号码”为准，手机号以 E.164 为准；"
        "多份材料记载的同一笔付款按明示规则合并，"
        "并保留全部出处。其余疑似同一仅为建议，由人确认或否决，记入日志，可撤销。"
        "仅有昵称者不作为键。",
        "Identity: an account is platform:number, a phone its E.164 number; one payment told by "
        "several papers "
        "is joined by a stated rule and keeps all its places. Whatever else may be one is a "
        "suggestion that "
        "a person confirms or rejects, in the log and reversible. A bare nickname is no key.",
    ),
    Words(
        "连线依据：recorded 为原始记录所载，stated 为有人陈述，inferred 为规则推断；"
        "三者在图上以线型和文字区分。",
        "Basis of links: recorded (a row says so), stated (a person says so), inferred (a rule "
        "says so); charts "
        "tell them apart by dash and word.",
    ),
    Words(
        "资金：以最小货币单位的整数计算；各层为同一笔资金的流转，各层合计不得相加，本报告不列总计。"
        "流入、流出、所得分列，不相抵。",
        "Money: integers of the minor unit. Layers hold the same money: their sums must not be "
        "added, and no "
        "grand total stands here. Gross in, gross out and gain stand apart and are not netted.",
    ),
    Words(
        "时间：图谱以 UTC 保存，报告以 UTC+08:00 显示；原始写法及所设时区保存在证物行中。",
        "Times are kept in UTC and shown in UTC+08:00; how a row wrote them stays with the "
        "exhibit.",
    ),
)
LIMITS: Final = (
    Words(
        "未入库的记录不会出现在结果中；“未发现”只针对已入库且覆盖到所列日期的记录。",
        "Records that were never added cannot be found; 'nothing found' speaks only of records "
        "that were "
        "loaded, up to the days named.",
    ),
    Words(
        "登记持有人不等于实际使用人；明知与否、法律定性不由程序判断。",
        "The registered holder is not always the user; knowledge and legal labels are not for a "
        "program.",
    ),
    Words(
        "各查询的错误率未在真实案件上测定；其自测证明它在给定样例上找到应找的、放过应放的。",
        "The error rates of the packs were not measured on real cases; their self-tests show that "
        "they find "
        "what they should, and spare what they should, on the cases given.",
    ),
)
