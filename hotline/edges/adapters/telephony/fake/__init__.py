"""An Asterisk that is none: the part of ARI that we use, over a real websocket, with callers
who follow a script and faults on demand. The contract tests hold it to the real one."""
