"""Weights from the data: a token attends to one partner a stage, and so hears all in log N."""
