"""The one room that writes and reads recorded runs."""

import pytest

from fftia_lab.bench import recorded
from fftia_lab.records import stored, write_whole


@pytest.mark.parametrize("read", [stored, recorded])
def test_an_unknown_run_is_answered_with_those_there_are(read):
    with pytest.raises(
        FileNotFoundError,
        match=r"no recorded run 'ftt'; there are: attention, .*, fft, ",
    ):
        read("ftt")


def test_a_file_is_whole_or_as_it_was(tmp_path):
    path = tmp_path / "new" / "run.json"
    write_whole("first", path)
    with pytest.raises(UnicodeEncodeError):
        write_whole("second \ud800", path)
    assert path.read_text("utf-8") == "first" and list(path.parent.iterdir()) == [path]
