"""Cut the font of court exhibits out of Noto Sans SC, from a package with pinned bytes.

    pip download --no-deps justmytype-intl-cjk==0.1.0
    python tools/court_font.py justmytype_intl_cjk-0.1.0-py3-none-any.whl

Needs fontTools, which fpdf2 brings. The font holds the characters of GB 2312, the common part of
Big5 for traditional names, characters that Chinese names have beyond these, and the signs of
European languages, in the regular weight. The same package gives the same file.
"""

import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

WHEEL = "06d9665542bfcad373716bb80583aa2d9bb2086a054fe11f706b9bd41e03f256"
FAMILY = "Linkwright Court Sans"
HERE = Path(__file__).parent.parent / "graphdb" / "chart" / "render" / "font"
INSIDE = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
# From the standard list of 2013 and from registers: in names, and in neither character set.
NAMES = (
    "镕堃喆珺垚昇昉祎赟翀韡翾彧旸晞甯芃劼烜瑀瑄玘珅珵琇璟钰珉玥玙瑗瑢璠璐璘璿瓒祚祺禔禛窅竑筠"
    "翊翯翥耘聿艽芮苒苡茈荞荻莜莳菡萱葳蓁蔺薏薷蘅蘧虢衎袆裎觎訚詝诜诠诩谌赪趯跹轶迺逯邕邰郗郜"
    "酆鄞銮鋆錡锜锟锽镠闿阇霁霈霖靓靖靳韫韬颀颋颢飏馥骅骉骎骐骢鸢鸾麒黉黻黼龑龢頔濛淏淼湜溦漪"
    "潆潇潞澍澐滢灏炅炘炜烨焯焱煊煜熠燊燚犇犟狁玎昫晅晔晖晟晳暄暐曈曦朓杪杺枘柟栩桄桉桢梓梣棨"
    "椋椿楠榕樾橦欤沄沚泓泫洺浠浡浥涴涵㛃㳚䢺䶮𬍛𬭎𬬻𫍯𬱖𫖯𬙂"
)


def main(wheel: Path) -> None:
    """Write the font and its licence."""
    package = wheel.read_bytes()
    if sha256(package).hexdigest() != WHEEL:
        sys.exit(f"{wheel} is not the package that the font is cut from: SHA-256 {WHEEL}")
    with ZipFile(BytesIO(package)) as archive:
        whole = archive.read(INSIDE + "NotoSansSC[wght].ttf")
        licence = archive.read(INSIDE + "OFL.txt")
    font = TTFont(BytesIO(whole), recalcTimestamp=False)
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_wanted() & set(font.getBestCmap()))
    subsetter.subset(font)
    font = instantiateVariableFont(font, {"wght": 400})
    for record in font["name"].names:
        # 'Source' is a reserved name of the licence; a cut font must bear another.
        if record.nameID in {1, 3, 4, 16}:
            record.string = FAMILY
        elif record.nameID == 6:
            record.string = FAMILY.replace(" ", "")
    out = BytesIO()
    font.save(out)
    HERE.mkdir(exist_ok=True)
    (HERE / "court-sans.ttf").write_bytes(out.getvalue())
    (HERE / "OFL.txt").write_bytes(licence)
    told = f"{len(font.getBestCmap())} characters, {sha256(out.getvalue()).hexdigest()}\n"
    sys.stdout.write(told)


def _wanted() -> set[int]:
    wanted = {*range(0x20, 0x250), *range(0x370, 0x530), *range(0x2010, 0x2060)}
    wanted |= {*range(0x2190, 0x2200), *range(0x2460, 0x2500), *range(0x25A0, 0x2610)}
    wanted |= {*range(0x3000, 0x3100), *range(0xFF00, 0xFFF0), 0x20AC, 0x2103, 0x2116}
    wanted |= {*range(0x27E6, 0x27EC), *map(ord, NAMES)}
    for code in range(0x80, 0x10000):
        if not 0xD800 <= code < 0xE000 and (_in("gb2312", code) or _in_common_big5(code)):
            wanted.add(code)
    return wanted


def _in(encoding: str, code: int) -> bool:
    return bool(chr(code).encode(encoding, "ignore"))


def _in_common_big5(code: int) -> bool:
    written = chr(code).encode("big5", "ignore")
    # Rows A4 to C6 are the 5,401 characters in common use; the rest is rare.
    return len(written) == 2 and 0xA4 <= written[0] <= 0xC6


if __name__ == "__main__":
    main(Path(sys.argv[1]))
