"""Administrative units with validity dates, found without accents."""
