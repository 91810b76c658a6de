"""Word documents as Word writes them."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxml'
    'formats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)
STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="{MAIN}">'
    '<w:style w:type="paragraph" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/>'
    '<w:basedOn w:val="Normal"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:rPr><w:b/></w:rPr>'
    '</w:style><w:style w:type="paragraph" w:styleId="Begriff"><w:name w:val="Begriff"/>'
    '<w:basedOn w:val="berschrift2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="character" w:styleId="Fett"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr>'
    "</w:style></w:styles>"
)


def run(text: str, properties: str = "") -> str:
    """Return a run; Word splits a text into many."""
    shown = f'<w:t xml:space="preserve">{escape(text)}</w:t>'
    return f'<w:r w:rsidR="00A7"><w:rPr>{properties}</w:rPr>{shown}</w:r>'


def paragraph(*runs: str, style: str = "Normal", more: str = "") -> str:
    return (
        f'<w:p w:rsidR="00A7"><w:pPr><w:pStyle w:val="{style}"/>{more}<w:rPr>'
        '<w:lang w:val="de-DE"/>'
        f'</w:rPr></w:pPr><w:proofErr w:type="spellStart"/>{"".join(runs)}</w:p>'
    )


def cell(text: str, properties: str = "") -> str:
    paragraphs = "".join(paragraph(run(part)) for part in text.split("\n"))
    return f'<w:tc><w:tcPr><w:tcW w:w="3020"/>{properties}</w:tcPr>{paragraphs}</w:tc>'


def table(rows: Iterable[str]) -> str:
    body = "".join(f"<w:tr><w:trPr/>{row}</w:tr>" for row in rows)
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/></w:tblPr><w:tblGrid/>{body}</w:tbl>'


def word(body: str, more: Mapping[str, bytes] = {}, head: str = "") -> bytes:
    """Return a document with this body. `more` adds or replaces parts (empty: leaves out)."""
    parts = {
        "[Content_Types].xml": TYPES.encode(),
        "word/document.xml": (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{head}'
            f'<w:document xmlns:w="{MAIN}"><w:body>{body}<w:sectPr/></w:body></w:document>'
        ).encode(),
        "word/styles.xml": STYLES.encode(),
        **more,
    }
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if content:
                archive.writestr(name, content)
    return saved.getvalue()
