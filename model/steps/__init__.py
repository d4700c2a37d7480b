"""What happens in a month, step by step, for one state, mission or request.

Steps read the world, apply rules and write into the arrays of a run; ``schedule`` has their order.
"""
