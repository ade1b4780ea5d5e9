"""A thin typed client of Asterisk's REST interface, over its event websocket."""
