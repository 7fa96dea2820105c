"""What every room may use and what knows nothing of costs: files, numbers, parallel work, optional libraries, errors.

>>> from xl_aicost.support.numbers import number
>>> number(1_234_567.8)
'1,234,568'
"""
