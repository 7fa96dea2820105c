"""Run docs/notebook.ipynb as Jupyter does: cell by cell, the last expression of each shown.

`python -m tests.notebook` runs it and keeps its results in it and its chart in docs/images.
"""

import ast
import base64
import io
import json
import sys
from pathlib import Path

import matplotlib

ROOT = Path(__file__).parents[1]
NOTEBOOK, CHART = ROOT / "docs" / "notebook.ipynb", ROOT / "docs" / "images" / "notebook.png"


def run():
    """Return the notebook with the outputs of a run, and the picture of its last figure."""
    matplotlib.use("Agg")
    from matplotlib import pyplot

    notebook, names = json.loads(NOTEBOOK.read_text(encoding="utf-8")), {}
    code = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    for number, cell in enumerate(code, 1):
        value = shown(names, "".join(cell["source"]))
        data = {} if value is None else {"text/plain": lines(repr(value))}
        if hasattr(value, "_repr_html_"):
            data["text/html"] = lines(value._repr_html_())
        result = {"output_type": "execute_result", "execution_count": number, "metadata": {}, "data": data}
        cell |= {"execution_count": number, "outputs": [result] if data else []}
    picture = io.BytesIO()
    pyplot.gcf().savefig(picture, format="png", dpi=110, metadata={"Software": None})
    pyplot.close("all")
    data = {"image/png": base64.b64encode(picture.getvalue()).decode()}
    code[-1]["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": data}]
    return notebook, picture.getvalue(), names


def shown(names, source):
    """Run a cell and return the value of its last expression, unless a semicolon ends it."""
    tree = ast.parse(source)
    last = tree.body[-1]
    if not isinstance(last, ast.Expr) or source.rstrip().endswith(";"):
        exec(compile(tree, "cell", "exec"), names)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def lines(text):
    return text.splitlines(keepends=True)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    found, chart, _ = run()
    NOTEBOOK.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    CHART.write_bytes(chart)
