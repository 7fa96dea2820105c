"""The functions in xlwings Lite: Python inside Excel. Paste into its editor beside requirements.txt."""

from xl_aicost.hosts.binder import server_functions

globals().update(server_functions())
