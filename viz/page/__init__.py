"""The page: explore, compare and ask why in a browser, without writing a command.

One module for each tab; ``view`` holds what a visitor has chosen and its link, ``ensemble`` what is
computed for it, ``figure`` a chart as the browser and a download need it, ``words`` every text.
"""
