"""Settings of xlwings Server and, beside them, what the manifest says about who runs this server."""

from xlwings_server.config import Settings as ServerSettings


class Settings(ServerSettings):
    """Each is a variable of the environment, as XLWINGS_PROVIDER_NAME."""

    provider_name: str = "xl-aicost"
    support_url: str = ""  # the page of the functions, where it is empty
