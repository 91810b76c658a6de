"""Read the parts of a Word document within size limits."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from index.errors import SourceError
from index.sources.files import SourceFile, check_count

LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes, of which pictures may be the most
LARGEST_PART = 32 * 1024 * 1024  # bytes of the text, or of the styles
LARGEST_RATIO = 100  # of the unpacked size to the size of the file
MOST_PARTS = 10_000
MOST_NESTED = 200  # elements in each other; documents have about 20
_OLE = b"\xd0\xcf\x11\xe0"  # of an old .doc file, and of an encrypted document
_HINT = "Save it again as .docx, without a password."

# The local name of an element, its attributes by local name, and whether it starts or ends. The
# text of an element is the attribute "" of its end.
Event = tuple[str, dict[str, str], bool]


class WordArchive:
    """The parts of a Word document. Raises `SourceError` for a file that is no document, is
    encrypted, or is too large when unpacked."""

    def __init__(self, file: SourceFile) -> None:
        self._path = file.path
        if not file.data.strip():
            raise SourceError(file.path, None, "is empty")
        if file.data.startswith(_OLE):
            reason = "is encrypted, or a document of an old version of Word"
            raise SourceError(file.path, None, reason, _HINT)
        with _translated_errors(file.path):
            self._archive = zipfile.ZipFile(io.BytesIO(file.data))
        parts = self._archive.infolist()
        check_count(len(parts), MOST_PARTS, "parts", file.path)
        total = sum(part.file_size for part in parts)
        check_count(total, LARGEST_UNPACKED, "bytes when unpacked", file.path)
        if total > LARGEST_RATIO * len(file.data):
            reason = f"unpacks to more than {LARGEST_RATIO} times its size"
            raise SourceError(file.path, None, reason)

    def events(self, name: str, *, needed: bool) -> Iterator[Event]:
        """Yield the starts and ends of the elements of a part.

        Raises `SourceError` for a part that is `needed` and missing, or not well-formed, or that
        declares entities.
        """
        with _translated_errors(self._path):
            try:
                info = self._archive.getinfo(name)
            except KeyError:
                if needed:
                    raise
                return
            check_count(info.file_size, LARGEST_PART, "bytes in one part", self._path)
            with self._archive.open(info) as part:
                data = part.read(LARGEST_PART + 1)
            depth = 0
            for event, element in iterparse(
                io.BytesIO(data), events=("start", "end"), forbid_dtd=True
            ):
                starts = event == "start"
                depth += 1 if starts else -1
                if depth > MOST_NESTED:
                    raise SourceError(self._path, None, "is nested too deeply")
                attributes = {_local(key): value for key, value in element.attrib.items()}
                if not starts:
                    attributes[""] = element.text or ""
                yield _local(element.tag), attributes, starts
                if not starts:
                    element.clear()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


@contextmanager
def _translated_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except DefusedXmlException as error:
        raise SourceError(path, None, "declares XML entities, which are not allowed") from error
    except (
        *(zipfile.BadZipFile, zlib.error, ParseError, KeyError, EOFError, OSError),
        *(NotImplementedError, RuntimeError, ValueError),  # an unknown method; a password
    ) as error:
        raise SourceError(path, None, "is not a readable Word document", _HINT) from error
