"""Chats. Come later."""
