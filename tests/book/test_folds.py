"""How a page folds what a notebook marks: one button for neighbours, the code in front of it."""

from docutils import nodes

from fftia_lab.publish.chapters import Fold, folded, joined, unsolved
from fftia_lab.publish.editions import INSTEAD
from fftia_lab.publish.mime import raw


def part(kind, text):
    return nodes.container("", nodes.Text(text), nb_element=f"cell_code_{kind}")


def cell(code, output="", mode=""):
    parts = [part("source", code)] + [part("output", output)] * bool(output)
    marks = {"hide_mode": mode} if mode else {}
    return nodes.container("", *parts, nb_element="cell_code", **marks)


def prose(*words, button="Show"):
    opening, closing = raw(f"<details><summary>{button}</summary>\n"), raw("</details>\n")
    return [opening, *(nodes.paragraph(text=word) for word in words), closing]


def outline(children):
    """What is seen, as text; what waits, as (button, its parts)."""
    return [
        (node["summary"], outline(node.children)) if isinstance(node, Fold) else node.astext()
        for node in folded(children, "a-page")
    ]


def test_an_output_and_the_words_about_it_are_one_answer_and_the_code_stays():
    story = [cell("print(8)", "8", "output"), *prose("Eight.", "And so on."), cell("next")]
    assert outline(story) == ["print(8)", ("Show", ["8", "Eight.", "And so on."]), "next"]


def test_whatever_comes_next_to_an_answer_and_waits_joins_it_whole():
    story = [
        *prose("Eight."),
        cell("print(9)", "9", "output"),
        cell("assert", mode="all"),
        *prose("Nine."),
        cell("figure()", "a figure", "input+output"),
    ]
    whole = ["Eight.", "print(9)\n\n9", "assert", "Nine.", "figure()\n\na figure"]
    assert outline(story) == [("Show", whole)]
    modes = [part.get("hide_mode") for part in story if part.get("nb_element")]
    assert modes == [None, None, "input"], "and how the figure is made keeps its own fold"


def test_what_may_be_seen_parts_two_answers_and_solutions_stay_alone():
    story = [*prose("One."), nodes.paragraph(text="Seen."), *prose("Two.")]
    assert outline(story) == [("Show", ["One."]), "Seen.", ("Show", ["Two."])]
    story = [*prose("One."), *prose("def f(): ...", button="A solution"), *prose("Two.")]
    assert [entry[0] for entry in outline(story)] == ["Show", "A solution", "Show"]


def test_students_read_a_sentence_where_a_solution_was_and_keep_the_answers():
    story = [cell("def f():"), *prose("return 3", button="A solution"), *prose("Eight.")]
    first, second, third = unsolved(folded(story, "a-page"))
    assert (first.astext(), second.astext()) == ("def f():", INSTEAD)
    assert isinstance(third, Fold) and third["summary"] == "Show"
    assert len(outline(story)) == 3, "and all others the solution"


def test_other_hidden_cells_are_left_to_their_own_folds():
    story = [cell("import numpy", mode="input"), cell("figure()", "a figure", "input")]
    assert outline(story) == ["import numpy", "figure()\n\na figure"]
    assert outline([cell("nothing comes of it", mode="output")]) == ["nothing comes of it"]


def test_an_answer_that_is_not_closed_is_told(caplog):
    import logging

    logger = logging.getLogger("sphinx.fftia_lab.publish.chapters")
    logger.addHandler(caplog.handler)
    try:
        assert outline(prose("Eight.")[:-1]) == [("Show", ["Eight."])]
    finally:
        logger.removeHandler(caplog.handler)
    assert "a <details> is not closed before the next heading" in caplog.text


def printed(text, stream="stream"):
    return nodes.literal_block(text, text, language="myst-ansi", classes=["output", stream])


def test_what_a_cell_prints_is_one_block_and_what_comes_between_parts_it():
    result = nodes.container("", printed("8", "text_plain"), nb_element="mime_bundle")
    outputs = [printed("per sample "), printed(" 8\n"), printed("16\n")]
    outputs += [printed("care", "stderr"), printed("ful\n", "stderr")]
    outputs += [printed("a\n"), result, printed("b\n")]
    blocks = joined(outputs)
    assert [block.astext() for block in blocks] == [
        *("per sample  8\n16\n", "careful\n", "a\n", "8", "b\n")
    ]
    assert all(one.rawsource == one.astext() for one in blocks if one is not result), "is coloured"
    plain = [printed("1", "text_plain"), printed("2", "text_plain")]
    assert joined(plain) == plain, "results are no stream"
