"""Promises and when they fall due."""
