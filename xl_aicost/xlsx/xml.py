"""XML of a package: read as a whole or element by element, and never with a document type, by which XML names entities."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, TypeAlias
from xml.etree import ElementTree
from xml.parsers import expat

from xl_aicost.errors import IncompleteError
from xl_aicost.xlsx.limits import LONGEST_READ, Count

Attributes: TypeAlias = dict[str, str]
Starts: TypeAlias = Mapping[str, Callable[[Attributes], None]]
Ends: TypeAlias = Mapping[str, Callable[[str], None]]
CHUNK = 1 << 16  # bytes


def tree(data: bytes, part: str) -> ElementTree.Element:
    """Return a part as a whole. Raises ValueError for one with a document type, and ParseError for what is no XML."""
    parser = ElementTree.XMLParser(target=_Tree(part))  # noqa: S314 (no entities: see _Tree)
    parser.feed(data)
    root: ElementTree.Element = parser.close()
    return root


class _Tree(ElementTree.TreeBuilder):
    def __init__(self, part: str) -> None:
        super().__init__()
        self.part = part

    def doctype(self, *_: object) -> None:
        refuse_doctype(self.part)


def refuse_doctype(part: str) -> None:
    """Raise ValueError."""
    raise ValueError(f"{part} declares a document type, which no workbook needs")


def walk(file: IO[bytes], part: str, count: Count, starts: Starts, ends: Ends) -> None:
    """Read a part element by element, and call the functions that are given for an element, by its name without prefix.

    One at its start gets its attributes, one at its end the text before that. Raises ValueError for a document type,
    ExpatError for what is no XML, and IncompleteError past a limit.
    """
    text = ""
    at_start, at_end = _ByName(starts), _ByName(ends)

    def started(name: str, attributes: Attributes) -> None:
        nonlocal text
        text = ""
        if act := at_start[name]:
            act(attributes)

    def ended(name: str) -> None:
        if act := at_end[name]:
            act(text)

    def written(data: str) -> None:
        nonlocal text
        if len(text) > LONGEST_READ:
            raise IncompleteError(f"a text of more than {LONGEST_READ:,} characters")
        text += data

    parser = expat.ParserCreate()
    parser.buffer_text, parser.buffer_size = True, CHUNK
    parser.StartDoctypeDeclHandler = lambda *_: refuse_doctype(part)
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, written
    while data := file.read(CHUNK):
        count.elements += data.count(b"<") - data.count(b"</")
        count.check()
        parser.Parse(data, False)
    parser.Parse(b"", True)


class _ByName(dict[str, Any]):
    """What is to be done for an element, by its name with or without a prefix; None for nothing."""

    def __missing__(self, name: str) -> Any:
        act = self[name] = self.get(local(name))
        return act


def local(name: str) -> str:
    """Return the name of an element or attribute without its namespace or prefix.

    >>> local("{http://example.org}row"), local("x:row"), local("row")
    ('row', 'row', 'row')
    """
    return name.rpartition("}")[2].rpartition(":")[2]


def each(root: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    """Yield the elements of a name, in whichever namespace: Strict Open XML has its own."""
    return (e for e in root.iter() if isinstance(e.tag, str) and local(e.tag) == name)


def relation_id(attributes: Attributes) -> str:
    """Return the id of a relation that an element names, or ""."""
    return next((v for k, v in attributes.items() if k != "id" and local(k) == "id"), "")
