"""Draws a paper as a PDF: tagged in reading order, its own font, nothing fetched.

The library marks up pictures only. Its two inner methods that write marked content are
used here for text; the version is pinned, and the tests read the tags back.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import TTFFont
from fpdf.prefs import ViewerPreferences

from clinicians.presenters.paper import Block, Paper

FONTS = Path(__file__).resolve().parent.parent / "data" / "fonts"
FAMILY = "DejaVu"
REGULAR, BOLD = "DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"
MARGIN, FOOT = 18.0, 16.0  # millimetres
# What the library replaces by the number of pages, wherever it stands: marks that
# `known` takes out of every text, so nobody's words are taken for it.
PAGES = "\x1b\x1b"
UNKNOWN = "\u25a1"
LOST = (
    f"{UNKNOWN} stands for a character that this file cannot show. "
    "The page of the case shows it."
)
# Black on white, and the second ink still has a contrast of 7 to 1.
INK, SOFT = 0, 80


@dataclass(frozen=True, slots=True)
class Style:
    """How a kind of block looks, and what it is to a screen reader."""

    tag: str
    size: float
    bold: bool = False
    ink: int = INK
    before: float = 0.0
    indent: float = 0.0

    @property
    def height(self) -> float:
        """Of a line, in millimetres."""
        return self.size * 0.48


STYLES = {
    "title": Style("/H1", 17, bold=True),
    "part": Style("/H2", 12.5, bold=True, before=4.5),
    "head": Style("/H3", 10.5, bold=True, before=3),
    "item": Style("/P", 9, before=2),
    "text": Style("/P", 9, before=0.8),
    "strong": Style("/P", 9, bold=True, before=0.8),
    "soft": Style("/P", 8, ink=SOFT, indent=4),
    "said": Style("/BlockQuote", 9, before=0.8, indent=4),
}
HEADINGS = {"/H1", "/H2", "/H3"}


def draw(paper: Paper) -> bytes:
    """The file. Its title and language are set; neither says anything of a patient."""
    sheet = _Sheet(paper)
    sheet.add_page()
    for block in paper.blocks:
        sheet.put(block)
    if sheet.lost:
        sheet.put(Block("soft", LOST))
    return bytes(sheet.output())


class _Sheet(FPDF):
    """Letter-sized pages with the patient's two identifiers at the top of each."""

    def __init__(self, paper: Paper) -> None:
        super().__init__(format="letter")
        self.paper = paper
        self.lost = False
        self.add_font(FAMILY, "", FONTS / REGULAR)
        self.add_font(FAMILY, "B", FONTS / BOLD)
        self.set_margins(MARGIN, MARGIN)
        # Pages are broken between blocks: a tag may not run over two pages.
        self.set_auto_page_break(auto=False, margin=FOOT)
        self.alias_nb_pages(PAGES)
        self.set_title("Case summary")
        self.set_lang("en-US")
        self.set_creation_date(paper.made_at)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def header(self) -> None:
        """Whose page this is; repeated on each, so no part of the text."""
        self._out("/Artifact BMC")
        self._use(Style("/P", 9, bold=True))
        top = self.known(self.paper.top)
        self.multi_cell(0, 5, top, align="L", new_x="LMARGIN", new_y="NEXT")
        self.line(MARGIN, self.y + 1, self.w - MARGIN, self.y + 1)
        self.set_y(self.y + 4)
        self._out("EMC")

    def footer(self) -> None:
        """Who made it and when, and which page of how many."""
        self._out("/Artifact BMC")
        self.set_y(-FOOT + 4)
        self._use(STYLES["soft"])
        text = f"{self.known(self.paper.foot)} · page {self.page_no()} of {PAGES}"
        self.cell(0, 4, text)
        self._out("EMC")

    def put(self, block: Block) -> None:
        """Draw a block, over as many pages as it takes."""
        style = STYLES[block.kind]
        self._use(style)
        lines = self._lines(self.known(block.text), style)
        self.set_y(self.y + style.before)
        # A heading is not left alone at the foot of a page.
        least = 4 if style.tag in HEADINGS else 1
        while lines:
            room = int((self.h - FOOT - self.y) // style.height)
            if room < min(least, len(lines) + 3):
                self.add_page()
                self._use(style)
                continue
            self._tagged(style, lines[:room])
            lines = lines[room:]

    def _lines(self, text: str, style: Style) -> list[str]:
        self.set_x(MARGIN + style.indent)
        wrapped = self.multi_cell(
            0, style.height, text, align="L", dry_run=True, output="LINES"
        )
        return list(wrapped)  # type: ignore[arg-type]  # one type for every output

    def _tagged(self, style: Style, lines: list[str]) -> None:
        place = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=style.tag, mcid=place)
        self._out(f"{style.tag} <</MCID {place}>> BDC")
        for line in lines:
            self.set_x(MARGIN + style.indent)
            self.cell(0, style.height, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self._out("EMC")

    def _use(self, style: Style) -> None:
        self.set_font(FAMILY, "B" if style.bold else "", style.size)
        self.set_text_color(style.ink)

    def known(self, text: str) -> str:
        """The text with a mark for what the font has not, and without control marks."""
        found = []
        for char in text:
            if char == "\n" or self._has(char):
                found.append(char)
            elif char.isspace():
                found.append(" ")
            elif unicodedata.category(char) not in ("Cc", "Cf"):
                found.append(UNKNOWN)
                self.lost = True
        return "".join(found)

    def _has(self, char: str) -> bool:
        if unicodedata.category(char) in ("Cc", "Cf"):
            return False
        fonts = (self.fonts[FAMILY.lower()], self.fonts[f"{FAMILY.lower()}B"])
        return all(isinstance(f, TTFFont) and ord(char) in f.cmap for f in fonts)
