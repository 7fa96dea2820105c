"""Make the LibreOffice Calc extension: an .oxt with the interface, the add-in, its help, and the code that answers."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from xl_aicost import __version__
from xl_aicost.catalogue.functions import CATALOGUE, Function
from xl_aicost.support.files import destination, replacing
from xl_aicost.support.share import share

SERVICE = "AICOST"
IDENTIFIER = "org.xl_aicost.functions"
EPOCH = (1980, 1, 1, 0, 0, 0)
# what answers a function: numpy and these, nothing of a workbook
CODE = (
    "__init__.py",
    "errors.py",
    "graph.py",
    "kernel.py",
    "case.py",
    "support/*.py",
    "formula/*.py",
    "model/*.py",
    "assumptions/*",
    "simulate/*.py",
    "catalogue/*.py",
    "hosts/__init__.py",
    "hosts/calls.py",
    "hosts/cells.py",
)


def interface() -> str:
    """Return the interface in UNO's language; `functions.rdb` is compiled from it."""
    methods = "\n".join(f"    {_method(f)}" for f in CATALOGUE.values())
    return (
        "module org { module xlaicost {\n"
        "  interface XFunctions : com::sun::star::uno::XInterface {\n"
        f"{methods}\n"
        "  };\n"
        "}; };\n"
    )


def _method(function: Function) -> str:
    # the language takes no underscore in a parameter; what a user sees is the DisplayName in CalcAddIns.xcu
    arguments = ", ".join(f"[in] any argument{i}" for i, _ in enumerate(function.arguments, 1))
    return f"sequence< sequence< any > > {function.name}( {arguments} );"


def _registry() -> str:
    """Return CalcAddIns.xcu: names and help for the function wizard."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns" oor:package="org.openoffice.Office">\n'
        f'<node oor:name="AddInInfo"><node oor:name="{SERVICE}" oor:op="replace"><node oor:name="AddInFunctions">\n'
        + "".join(_entry(f) for f in CATALOGUE.values())
        + "</node></node></node></oor:component-data>\n"
    )


def _entry(function: Function) -> str:
    parameters = "".join(
        f'<node oor:name="argument{i}" oor:op="replace">{_text("DisplayName", a.name)}{_text("Description", a.help)}</node>'
        for i, a in enumerate(function.arguments, 1)
    )
    name, compatible = _text("DisplayName", function.name), _text("CompatibilityName", function.name)
    category = '<prop oor:name="Category"><value>Add-In</value></prop>'
    inside = f'{name}{_text("Description", function.wizard)}{category}{compatible}<node oor:name="Parameters">{parameters}</node>'
    return f'<node oor:name="{function.name}" oor:op="replace">{inside}</node>\n'


def _text(prop: str, text: str) -> str:
    return f'<prop oor:name="{prop}"><value xml:lang="en">{escape(text)}</value></prop>'


MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="functions.rdb" manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="aicost.components" manifest:media-type="application/vnd.sun.star.uno-components"/>
<manifest:file-entry manifest:full-path="CalcAddIns.xcu" manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""
# says what the module holds, so that it is not imported to be installed, when its interface is not known yet
COMPONENTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<components xmlns="http://openoffice.org/2010/uno-components">
<component loader="com.sun.star.loader.Python" uri="aicost_addin.py">
<implementation name="{SERVICE}"><service name="com.sun.star.sheet.AddIn"/></implementation>
</component>
</components>
"""


def _description() -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<description xmlns="http://openoffice.org/extensions/description/2006">\n'
        f"<identifier value={quoteattr(IDENTIFIER)}/><version value={quoteattr(__version__)}/>\n"
        '<display-name><name lang="en">AI cost functions</name></display-name>\n'
        "</description>\n"
    )


def parts() -> dict[str, bytes]:
    """Return the parts of the extension by their path inside it."""
    source, code = share("udfs") / "libreoffice", Path(__file__).parents[1]
    contents = {
        "META-INF/manifest.xml": MANIFEST.encode(),
        "aicost.components": COMPONENTS.encode(),
        "description.xml": _description().encode(),
        "CalcAddIns.xcu": _registry().encode(),
        "functions.rdb": (source / "functions.rdb").read_bytes(),
        "aicost_addin.py": (source / "aicost_addin.py").read_bytes(),
    }
    for pattern in CODE:
        for path in sorted(code.glob(pattern)):
            if path.is_file():
                contents[f"pythonpath/xl_aicost/{path.relative_to(code).as_posix()}"] = path.read_bytes()
    return contents


def write_extension(path: Path) -> Path:
    """Write the extension to a file that ends in .oxt, whole or not at all."""
    with (
        replacing(destination(path, ".oxt")) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, data in parts().items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return path
