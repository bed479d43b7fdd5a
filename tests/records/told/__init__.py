"""Subscriptions: what is asked for, what is told, and what never is."""
