"""The folders that `xl-aicost addin` writes: complete, whole or not at all, and what they say is so."""

import re
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from xl_aicost.errors import InputError
from xl_aicost.hosts.addin import WRITERS
from xl_aicost.hosts.guard import Limits
from xl_aicost.hosts.serve import settings

CONTENTS = {
    "excel-desktop": {"aicost_functions.xlsm", "aicost_functions.py", "README.md"},
    "excel-server": {"Dockerfile", "README.md", "compose.yaml", "nginx.conf", "settings.env"},
    "excel-lite": {"README.md", "main.py", "requirements.txt"},
}
FILLED = {
    "XLWINGS_LICENSE_KEY": "noncommercial",
    "XL_AICOST_TOKEN": "t" * 40,
    "XLWINGS_AUTH_ENTRAID_CLIENT_ID": "client",
    "XLWINGS_AUTH_ENTRAID_TENANT_ID": "tenant",
}


@pytest.mark.parametrize("host", WRITERS)
def test_the_folder_holds_all_that_its_page_speaks_of(host, tmp_path):
    folder = tmp_path / "addin"
    assert {p.name for p in WRITERS[host](folder)} == {p.name for p in folder.iterdir()} == CONTENTS[host]
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\d\. ", page, re.MULTILINE)[:3] == ["1. ", "2. ", "3. "]
    for name in re.findall(r"`([\w.]+\.(?:py|env|conf|yaml|xlsm|txt))`", page):
        assert name in CONTENTS[host], name
    assert "make wheel" in page


ROOT = Path(__file__).parent.parent.parent


def test_commands_of_the_pages_run_in_the_shells_of_windows_too():
    """cmd.exe does not know single quotes; programs that pip installs for one user are not on the path there."""
    for page in [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("udfs/**/*.md")]:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"pip install '", text), page
        for module in re.findall(r"`python -m ([\w.]+)", text):
            assert find_spec(module), (page, module)


def test_the_desktop_workbook_is_the_same_file_each_time(tmp_path):
    WRITERS["excel-desktop"](tmp_path / "desktop")
    with zipfile.ZipFile(tmp_path / "desktop" / "aicost_functions.xlsm") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}


def test_what_the_desktop_pages_click_is_on_the_tab_of_xlwings():
    import xlwings

    with zipfile.ZipFile(Path(xlwings.__file__).parent / "addin" / "xlwings.xlam") as archive:
        tab = archive.read("customUI/customUI.xml").decode()
    pages = [ROOT / "udfs" / "excel_desktop" / "README.md", ROOT / "docs" / "deploy.md"]
    text = " ".join(" ".join(page.read_text(encoding="utf-8").split()) for page in pages)
    for name in ("Import Functions", "Interpreter", "Restart UDF Server"):
        assert re.search(rf'label="{name}:?"', tab), name
        assert f"'{name}'" in text, name
    assert "The full path to your python.exe on Windows" in tab
    assert "the full path of `python.exe` into 'Interpreter'" in text


@pytest.mark.parametrize("host", WRITERS)
def test_a_folder_in_use_is_left_alone(host, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        WRITERS[host](tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        WRITERS[host](tmp_path / "none" / "addin")
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def variables(text):
    """Return the variables of settings.env, those that are commented out too."""
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, re.MULTILINE))


@pytest.fixture
def deployed(tmp_path):
    return {p.name: p.read_text(encoding="utf-8") for p in WRITERS["excel-server"](tmp_path / "server")}


KNOWN = """
from xlwings_server.config import settings
print(*(f"XLWINGS_{name.upper()}" for name in type(settings).model_fields))
"""


def test_every_setting_is_one_that_the_server_reads(deployed):
    program = [sys.executable, "-c", KNOWN]
    project = settings("127.0.0.1", FILLED)
    known = set(subprocess.run(program, env=project, capture_output=True, text=True, check=True).stdout.split())
    known |= {f"XL_AICOST_{name.upper()}" for name in Limits.__dataclass_fields__} | {"XL_AICOST_TOKEN"}
    assert set(variables(deployed["settings.env"])) <= known
    limits = {k: v for k, v in variables(deployed["settings.env"]).items() if k.startswith("XL_AICOST_")}
    assert Limits.of(limits | {"XL_AICOST_TOKEN": ""}) == Limits()  # the file shows the defaults


@pytest.mark.parametrize("provider", ["custom", "entraid"])
def test_filled_in_the_settings_let_the_server_start_for_others(deployed, provider):
    filled = variables(deployed["settings.env"]) | FILLED | {"XLWINGS_AUTH_PROVIDERS": f'["{provider}"]'}
    assert settings("0.0.0.0", filled)["XLWINGS_HOSTNAME"] == "excel.example.org"
    with pytest.raises(InputError, match="XLWINGS_LICENSE_KEY is not set"):
        settings("0.0.0.0", variables(deployed["settings.env"]))


def test_container_proxy_and_server_agree(deployed):
    assert "http://functions:8000" in deployed["nginx.conf"]
    assert "  functions:" in deployed["compose.yaml"]
    assert '"--port", "8000"' in deployed["Dockerfile"]
    assert Limits().max_body == 20 * 1000 * 1000
    assert "client_max_body_size 20m;" in deployed["nginx.conf"]
    name = variables(deployed["settings.env"])["XLWINGS_HOSTNAME"]
    assert f"server_name {name};" in deployed["nginx.conf"]
    assert f'["https://{name}"]' in deployed["settings.env"]
