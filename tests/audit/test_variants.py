"""Faults and clean tables that once were judged wrongly, in other places, sizes and orientations, and with other functions."""

import pytest

from tests.audit.test_rule_table import changed, found

SHEETS = ("Budget", "Q1 'plan'", "Año 2026", "a-b (c)")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def ref(sheet, cells):
    return "'" + sheet.replace("'", "''") + f"'!{cells}"


def turned(rows):
    """Return a sheet with rows and columns changed, its formulas too; columns beyond Z are not for it."""
    import re

    def cell(match):
        column, row = LETTERS.index(match[2]), int(match[4])
        return f"{match[3]}{LETTERS[row - 1]}{match[1]}{column + 1}"

    def turn(value):
        return (
            re.sub(r"(\$?)\b([A-Z])(\$?)(\d+)", cell, value) if isinstance(value, str) and value[:1] == "=" else value
        )

    width = max(map(len, rows))
    return [[turn(r[c]) if c < len(r) else None for r in rows] for c in range(width)]


def budget(items, periods, total="=SUM({0}:{1})"):
    """Return a table with totals of rows and columns, and a total of all."""
    last = LETTERS[periods]
    rows = [["Item", *(f"p{n}" for n in range(1, periods + 1)), "Total"]]
    for r in range(2, items + 2):
        rows.append([f"item {r}", *(100 * r + 7 * c for c in range(periods)), total.format(f"B{r}", f"{last}{r}")])
    rows.append(["Total", *(total.format(f"{c}2", f"{c}{items + 1}") for c in LETTERS[1 : periods + 2])])
    return rows


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize(("items", "periods"), [(3, 3), (5, 4), (20, 12)])
@pytest.mark.parametrize("total", ["=SUM({0}:{1})", "=SUBTOTAL(9,{0}:{1})", "=ROUND(SUM({0}:{1}),0)"])
@pytest.mark.parametrize("way", [list, turned])
def test_a_table_with_totals_of_rows_and_columns_is_clean(sheet, items, periods, total, way):
    assert found({sheet: way(budget(items, periods, total))}) == []


@pytest.mark.parametrize("way", [list, turned])
def test_totals_of_quarters_and_of_the_year_are_clean(way):
    heads = ["Item", *(h for q in range(4) for h in (*(f"m{3 * q + n}" for n in (1, 2, 3)), f"Q{q + 1}")), "Year"]
    rows = [heads]
    for r in range(2, 8):
        cells = [f"item {r}"]
        for q in range(4):
            a, b = LETTERS[4 * q + 1], LETTERS[4 * q + 3]
            cells += [50 * r + q, 40 * r + q, 30 * r + q, f"=SUM({a}{r}:{b}{r})"]
        rows.append([*cells, f"=E{r}+I{r}+M{r}+Q{r}"])
    rows.append(["Total", *(f"=SUM({c}2:{c}7)" for c in LETTERS[1:18])])
    assert found({"Budget": way(rows)}) == []


@pytest.mark.parametrize("text", ["250", "1,250", " 412 ", "(300)", "$45.50", "-17"])
@pytest.mark.parametrize("at", [2, 4, 8])
@pytest.mark.parametrize("way", [list, turned])
@pytest.mark.parametrize("function", ["SUM(", "AVERAGE(", "SUBTOTAL(109,", "SUMPRODUCT("])
def test_a_number_stored_as_text_is_found_wherever_it_stands(text, at, way, function):
    rows = [["Loan", "Amount"], *([f"loan {r}", r * 1000] for r in range(2, 9)), ["All", f"={function}B2:B8)"]]
    place = f"B{at}" if way is list else f"{LETTERS[at - 1]}2"
    assert found({"Budget": way(changed(rows, **{f"B{at}": text}))}) == [("critical", "text-number", f"Budget!{place}")]


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_number_stored_as_text_is_found_where_another_sheet_sums_it(sheet):
    data = [[f"loan {r}", r * 1000] for r in range(1, 9)]
    sheets = {sheet: changed(data, B5="5000"), "All": [["All", "=SUM(" + ref(sheet, "B1:B8") + ")"]]}
    assert found(sheets) == [("critical", "text-number", f"{sheet}!B5")]


@pytest.mark.parametrize("function", ["AVERAGE(", "MEDIAN(", "STDEV(", "SUM(", "SUBTOTAL(9,"])
@pytest.mark.parametrize("short", [1, 2, 5])
@pytest.mark.parametrize("way", [list, turned])
def test_ranges_that_stop_short_alike_are_one_line(function, short, way):
    rows = [["Country", "<30", "30-60", "60-90", ">90"]]
    rows += [[f"c{r}", *(10 + (r * 7 + k) % 13 for k in range(4))] for r in range(2, 22)]
    rows += [["All", *(f"={function}{c}2:{c}{21 - short})" for c in "BCDE")]]
    places = " ".join(f"Data!{c}22" if way is list else f"Data!V{n}" for n, c in enumerate("BCDE", 2))
    assert found({"Data": way(rows)}) == [("critical", "short-range", places)]


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("at", "BDF")
def test_one_wrong_link_of_a_row_is_found_wherever_it_stands(sheet, at):
    names = ("Revenue", "EBITDA", "EBIT", "Net income")
    data = [[name, *range(10 * n, 10 * n + 5)] for n, name in enumerate(names, 1)]
    links = [
        [name, *("=" + ref(sheet, f"{c}{row}") for c in "BCDEF")] for row, name in ((3, "EBIT"), (4, "Net income"))
    ]
    wrong = changed(links, **{f"{at}1": "=" + ref(sheet, f"{at}2")})
    assert found({sheet: data, "DCF": wrong}) == [("critical", "wrong-link", f"DCF!{at}1")]


@pytest.mark.parametrize("way", [list, turned])
@pytest.mark.parametrize("years", [2, 4, 6])
def test_values_and_shares_in_turn_are_clean(way, years):
    rows = [["Dept", *(x for year in range(years) for x in (f"y{year}", "%"))]]
    values = LETTERS[1 : 2 * years : 2]
    for r in range(2, 8):
        rows.append([f"d{r}", *(x for n, c in enumerate(values) for x in (100 * r + n, f"={c}{r}/{c}$8"))])
    rows.append(["Total", *(f"=SUM({c}2:{c}7)" for c in LETTERS[1 : 2 * years + 1])])
    assert found({"Budget": way(rows)}) == []


@pytest.mark.parametrize("way", [list, turned])
@pytest.mark.parametrize("row", [4, 6, 9])
def test_one_odd_cell_and_one_typed_number_are_found_in_any_row(way, row):
    rows = [["Loan", "Amount", "Rate", "Interest"]]
    rows += [[f"loan {r}", 1000 * r, 0.05 + r / 1000, f"=B{r}*C{r}"] for r in range(2, 12)]
    place = f"D{row}" if way is list else f"{LETTERS[row - 1]}4"
    for value, rule in ((f"=B{row}*C{row - 1}", "odd-formula"), (-1, "typed-number")):
        assert found({"Loans": way(changed(rows, **{f"D{row}": value}))}) == [("critical", rule, f"Loans!{place}")]


@pytest.mark.parametrize(
    ("look_up", "clean"),
    [
        ("=VLOOKUP(D1,A1:B5,2)", False),
        ("=VLOOKUP(D1,A1:B5,2,TRUE)", False),
        ("=LOOKUP(D1,A1:A5,B1:B5)", False),
        ("=MATCH(D1,A1:A5)", False),
        ("=MATCH(D1,A1:A5,1)", False),
        ("=MATCH(D1,A1:A5,0)", True),
        ("=VLOOKUP(D1,A1:B5,2,0)", True),
        ("=INDEX(B1:B5,MATCH(D1,A1:A5,0))", True),
    ],
)
def test_a_look_up_of_the_nearest_key_wants_sorted_keys(look_up, clean):
    rows = [[0, 1, None, 1000, look_up], [500, 2], [1000, 3], [250, 4], [9000, 5]]
    assert found({"P": rows}) == ([] if clean else [("critical", "unsorted-keys", "P!E1")])
    rows[3][0] = 2500
    assert found({"P": rows}) == []


@pytest.mark.parametrize("cells", [["=A1+1"], ["=B1", "=A1"], ["=B1+1", "=C1+1", "=SUM(A1:B1)"]])
def test_a_circle_of_any_size_is_one_line(cells):
    places = " ".join(f"P!{c}1" for c in LETTERS[: len(cells)])
    assert [(s, r, " ".join(sorted(p.split()))) for s, r, p in found({"P": [cells]})] == [
        ("critical", "circle", places)
    ]


@pytest.mark.parametrize(
    "keys",
    [
        ["Ärger", "Birne", "Öl", "Tee", "Über"],
        ["Émile", "Étienne", "Fanny", "Zoé"],
        ["a_1", "a1", "a2", "a_3"],
        ["co-op", "coop", "corp", "co-star"],
    ],
)
def test_keys_may_be_sorted_as_excel_sorts_texts(keys):
    rows = [["Name", 0, None, '=VLOOKUP("m",A2:B6,2)'], *([k, n] for n, k in enumerate(keys))]
    assert [f for f in found({"P": rows}) if f[1] == "unsorted-keys"] == []
    rows[1:] = rows[:0:-1]
    assert [f[:2] for f in found({"P": rows}) if f[1] == "unsorted-keys"] == [("critical", "unsorted-keys")]


@pytest.mark.parametrize("look_up", ["=VLOOKUP(600,A1:B5,2,TRUE())", "=MATCH(600,A1:A5,1)*1.19"])
def test_true_may_be_written_as_a_function(look_up):
    rows = [[0, 1, None, look_up], [500, 2], [1000, 3], [250, 4], [9000, 5]]
    assert found({"P": rows}) == [("critical", "unsorted-keys", "P!D1")]


def test_what_reads_the_place_of_its_own_cell_is_no_circle():
    asks = ['=CELL("filename",A1)', '=CELL("row",B1)', "=ISFORMULA(C1)", "=ISREF(D1)", "=ROW(E1)"]
    assert [f for f in found({"P": [asks]}) if f[1] == "circle"] == []


@pytest.mark.parametrize(
    "link",
    [r"='C:\Plans\[Plan 2026.xlsx]Costs (new)'!$B$2", "='https://x.org/a/[Plan.xlsx]Costs'!B2*2", "=[1]!Sales+1"],
)
def test_a_link_to_another_workbook_may_have_a_path_or_a_name(link):
    assert found({"P": [[1, 2], ["x", link]]}, stored={"P!B2": 5.0}.items()) == [("low", "external-link", "P!B2")]


def test_the_cells_that_two_ranges_share_are_counted_once():
    rows = [[1, 2, 3], [4, 5, 6], [7, 8, 9], ["=SUM(A1:B3 B2:C3)"]]
    assert [f for f in found({"P": rows}) if f[1] == "double-count"] == []


@pytest.mark.parametrize(
    "text", ["1.250,50", "12,5", "1 250", "1\u202f250", "1'250.00", "250 €", "EUR 250", "−300", "250-"]
)
@pytest.mark.parametrize(
    "function", ["SUM(B2:B8)", 'SUMIF(A2:A8,"loan*",B2:B8)', 'SUMIFS(B2:B8,A2:A8,"loan*")', 'AVERAGEIF(B2:B8,">0")']
)
def test_a_number_as_text_may_be_written_in_any_country_and_left_out_by_a_sum_with_conditions(text, function):
    rows = [["Loan", "Amount"], *([f"loan {r}", r * 1000] for r in range(2, 9)), ["All", f"={function}"]]
    assert found({"Budget": changed(rows, B5=text)}) == [("critical", "text-number", "Budget!B5")]


@pytest.mark.parametrize("text", ["INV 250", "1.2.3", "2024-01-05", "12/05/2024", "250 kg", "10:30", "A-250"])
def test_codes_dates_and_measures_are_no_numbers_stored_as_text(text):
    rows = [["Loan", "Amount"], *([f"loan {r}", r * 1000] for r in range(2, 9)), ["All", "=SUM(B2:B8)"]]
    assert [f for f in found({"Budget": changed(rows, B5=text)}) if f[1] == "text-number"] == []


@pytest.mark.parametrize("function", ["VAR.P(", "VARP(", "GEOMEAN("])
def test_other_averages_that_stop_short_are_found_too(function):
    rows = [["Country", "<30", "30-60"], *([f"c{r}", 10 + r * 7 % 13, 10 + r * 5 % 13] for r in range(2, 22))]
    rows += [["All", *(f"={function}{c}2:{c}16)" for c in "BC")]]
    assert found({"Data": rows}) == [("critical", "short-range", "Data!B22 Data!C22")]
