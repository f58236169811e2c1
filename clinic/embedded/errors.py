class EmbeddedError(Exception):
    """Something that the person at the keyboard can mend; the text is one or two sentences for them."""
