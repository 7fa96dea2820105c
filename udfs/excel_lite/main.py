"""The functions in xlwings Lite, Python inside Excel: this is its main.py."""

from xl_aicost.hosts.binder import server_functions

globals().update(server_functions())
