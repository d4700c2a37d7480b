"""The web app: served on this machine, with separate state for each visitor.

``visit`` holds what one visitor has chosen and computes, ``components`` the controls, ``tabs`` one
module a tab, ``decision`` one answer in full.
"""
