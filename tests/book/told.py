"""Which files of a site tell something."""


def files(folder):
    """Every file below a folder: name -> bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def telling(words, held):
    """The names of files in which these words stand, in small letters or large."""
    return {name for name, text in held.items() if words.lower().encode() in text.lower()}
