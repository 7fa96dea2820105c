"""What Excel sees: the catalogue, under its own names."""

from xl_aicost.hosts.binder import server_functions

globals().update(server_functions(threads=True))
