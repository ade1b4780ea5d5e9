"""Every message out, one outbox. Comes later."""
