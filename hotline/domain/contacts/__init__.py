"""One exchange with a person: dialogue state, recordings, photos."""
