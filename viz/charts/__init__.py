"""One chart a module: tables in, a figure out.

What every figure shares is in ``style``; families of charts have folders of their own.
"""
