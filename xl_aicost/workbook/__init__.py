"""Build our workbooks: live formulas with their values, from a template, without Excel.

`build` writes one workbook and `batch` one per row of a table; `sheets` has a module for each sheet, `layout` knows the
row of every input and line, `page`, `pictures` and `style` the design.

>>> from xl_aicost.workbook.build import assemble
>>> book = assemble("cluster")
>>> book.wb.sheetnames[:3], book.layout.cell(book.layout.lanes[0], "cluster_capex").partition("!")[0]
(['Answer', 'Cluster', 'Options'], 'Calc_Live')
"""
