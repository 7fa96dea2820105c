"""The cost model: each function is a line, and its parameters are the lines and inputs it is made from."""

from xl_aicost.model import company, development, hardware, operations, renewal, returns, workforce

CHAPTERS = (hardware, operations, renewal, returns, development, workforce, company)
