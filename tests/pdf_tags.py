"""What PDFium (a reader not written by us) finds in a tagged PDF that breaks rules of PDF/UA-1 which a program can check.

It is no validator: whether words are apt and the order makes sense is for people. Page numbers in the margin are marked, but in no
structure: PDF 1.7 has no other place for them.
"""

import ctypes
from collections.abc import Callable, Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_MARGIN = 50  # points, below which stands the number of a page
_HEADINGS = {f"H{level}": level for level in range(1, 7)}
_INSIDE = {"TR": ("Table", "THead", "TBody", "TFoot"), "TH": ("TR",), "TD": ("TR",), "LI": ("L",), "LBody": ("LI",)}


def faults_of(content: bytes) -> list[str]:
    """Return every fault: marks missing or unknown to the structure, figures without words, headings that skip, cells outside of rows,
    headings of a table that no cell can name, fonts that are not embedded, no language, no title."""
    document = pdfium.PdfDocument(content)
    found: list[str] = []
    if not raw.FPDFCatalog_IsTagged(document):
        found.append("not tagged")
    if not document.get_metadata_value("Title"):
        found.append("no title")
    if not _text(raw.FPDFCatalog_GetLanguage, document):
        found.append("no language")
    levels = [0]
    for number, page in enumerate(document, 1):
        known: set[int] = set()
        found += [f"page {number}: {one}" for one in _tree(page, known, levels)]
        found += [f"page {number}: {one}" for one in _drawn(page, known)]
    return found


def _tree(page: pdfium.PdfPage, known: set[int], levels: list[int]) -> Iterator[str]:
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        yield "no structure"
        return
    for at in range(raw.FPDF_StructTree_CountChildren(tree)):
        yield from _element(raw.FPDF_StructTree_GetChildAtIndex(tree, at), "", known, levels)
    raw.FPDF_StructTree_Close(tree)


def _element(element: object, parent: str, known: set[int], levels: list[int]) -> Iterator[str]:
    kind = _text(raw.FPDF_StructElement_GetType, element)
    for at in range(raw.FPDF_StructElement_GetMarkedContentIdCount(element)):
        known.add(raw.FPDF_StructElement_GetMarkedContentIdAtIndex(element, at))
    if kind == "Figure" and not _text(raw.FPDF_StructElement_GetAltText, element):
        yield "a figure without words"
    if kind == "TH" and not _text(raw.FPDF_StructElement_GetID, element):
        yield "a heading of a table that no cell can name"
    if kind in _INSIDE and parent not in _INSIDE[kind]:
        yield f"{kind} in {parent}"
    if level := _HEADINGS.get(kind):
        if level > levels[-1] + 1:
            yield f"{kind} after H{levels[-1]}"
        levels.append(level)
    for at in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, at)
        if child:
            yield from _element(child, kind, known, levels)
        elif (number := raw.FPDF_StructElement_GetChildMarkedContentID(element, at)) >= 0:
            known.add(number)


def _drawn(page: pdfium.PdfPage, known: set[int]) -> Iterator[str]:
    """Whatever is drawn is an artifact, or marked with a number that the structure knows."""
    for one in page.get_objects(max_depth=1):
        marks = [raw.FPDFPageObj_GetMark(one, at) for at in range(raw.FPDFPageObj_CountMarks(one))]
        names = [_mark_name(mark) for mark in marks]
        if "Artifact" in names:
            continue
        number = raw.FPDFPageObj_GetMarkedContentID(one)
        if number < 0:
            yield f"something drawn without a mark: {names}"
        elif number not in known and one.get_bounds()[3] > _MARGIN:
            yield f"mark {number} is not in the structure"
        if one.type == raw.FPDF_PAGEOBJ_TEXT and not raw.FPDFFont_GetIsEmbedded(raw.FPDFTextObj_GetFont(one)):
            yield "a font that is not embedded"


def _mark_name(mark: object) -> str:
    needed = ctypes.c_ulong()
    raw.FPDFPageObjMark_GetName(mark, None, 0, needed)
    buffer = ctypes.create_string_buffer(needed.value)
    raw.FPDFPageObjMark_GetName(mark, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), needed.value, needed)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


def _text(read: Callable[..., int], element: object) -> str:
    length = read(element, None, 0)
    buffer = ctypes.create_string_buffer(length)
    read(element, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")
