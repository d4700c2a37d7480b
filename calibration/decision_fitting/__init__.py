"""The decision weights of Japan and Korea, fitted to their documented decisions.

Each decision has a chance under the model given the documented situation of its month; the weights
are sampled from the joint likelihood with priors, and shipped with their uncertainty.
"""
