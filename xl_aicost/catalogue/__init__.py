"""The Excel functions with their arguments, explanations of results, and verdicts on the article's claims.

>>> from xl_aicost.catalogue.functions import CATALOGUE
>>> function = CATALOGUE["LAYOFFS_TO_FUND"]
>>> function.signature, function.line, function.evaluate([65e9, 500_000])
('LAYOFFS_TO_FUND([ai_spend], [loaded_cost])', 'layoffs_to_fund', 130000.0)
"""
