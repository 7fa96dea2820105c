"""The cost model: each function is a line, and its parameters are the lines and inputs it is made from."""

from xl_aicost.model import (
    affordability,
    company,
    development,
    efficiency,
    hardware,
    operations,
    options,
    renewal,
    returns,
    vintages,
    workforce,
)

CHAPTERS = (
    hardware,
    operations,
    renewal,
    returns,
    development,
    workforce,
    efficiency,
    options,
    vintages,
    affordability,
    company,
)
MODEL_VERSION = 2
