"""The command xl-aicost: a module for each group of commands, options declared once, output.

>>> from typer.testing import CliRunner
>>> from xl_aicost.cli.main import app
>>> print(CliRunner().invoke(app, ["eval", "gpu_capex", "--set", "gpus=1000"]).output.strip())
30,000,000 USD
"""
