"""How good the forecasts are, and where they fail: scores against benchmarks, known misfits.

Nothing here changes a parameter.
"""
