"""Shortcuts: what each key does, told on a page; and the palette, which leads anywhere by a few letters."""
