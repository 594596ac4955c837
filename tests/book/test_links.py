"""Links within the site: what leads nowhere is found, and what leads somewhere is left alone."""

import pytest

from fftia_lab.publish.links import dead_links

THERE = """<h2 id="half">Half</h2><div class="lab-widget" data-name="butterfly"></div>
<a href="#half"></a> <a class="x" href="#butterfly?n=8&amp;node=[1,2]"></a>
<a href="#butterfly-2?n=8"></a> <a href="../book/a%20page.html#x"></a> <a href="../file.zip"></a>
<a href="https://elsewhere.org/nothing.html#there"></a>
<a href="mailto:somebody@elsewhere.org"></a>"""


@pytest.fixture
def faults(tmp_path):
    """The faults of a page that holds this, beside another page and a file."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "a page.html").write_text('<p id="x">', "utf-8")
    (tmp_path / "file.zip").touch()

    def found(html):
        (tmp_path / "notebooks" / "one.html").write_text(html, "utf-8")
        return list(dead_links(tmp_path, ["notebooks/one"]))

    return found


def test_links_that_lead_somewhere_are_left_alone(faults):
    assert faults(THERE) == []


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("#third", "there is no such place"),
        ("#winding?n=8", "there is no such place"),
        ("../book/a%20page.html#y", "there is no such place"),
        ("../book/b.html", "which is not on the site"),
        ("../book", "which is not on the site"),
        ("../../file.zip", "which is not on the site"),
    ],
)
def test_a_link_that_leads_nowhere_is_named_once(faults, link, fault):
    (found,) = faults(f'{THERE}<a href="{link}"></a><a href="{link}"></a>')
    assert found.startswith(f"notebooks/one: leads to {link}, ") and fault in found
