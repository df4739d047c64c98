"""Ontologies as YAML: friendly to write, exact to read, safe to open. Rule O5."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from braid.base.errors import InvalidInput, LimitExceeded, NotFound
from braid.model.records import Attribute, LinkEnd, LinkType, Ontology, OntologyClass
from braid.model.regions import REGION_KINDS
from braid.ontology.templates import TEMPLATES, template_ontology, template_text
from braid.ontology.yaml_form import ontology_from_yaml, ontology_to_yaml

NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
KINDS = st.lists(st.sampled_from(REGION_KINDS), max_size=3, unique=True).map(tuple)


@st.composite
def attributes(draw: st.DrawFn) -> tuple[Attribute, ...]:
    return draw(
        st.sampled_from(
            [
                (),
                (Attribute(id="colour", name="Colour", values=("no", "1.0", "null", "yes"), default="no"),),
                (Attribute(id="size", name="Size", type="number", minimum=-1.5, maximum=3.0, default=2),),
                (Attribute(id="hidden", name="Hidden?", type="boolean", required=True, default=False),),
                (Attribute(id="tags", name="Tags", type="choices", values=("a", "b"), default=("b",)),),
            ]
        )
    )


@st.composite
def ontologies(draw: st.DrawFn) -> Ontology:
    count = draw(st.integers(1, 8))
    classes = tuple(
        OntologyClass(
            id=f"c{number}",
            name=draw(NAMES),
            parent=f"c{draw(st.integers(0, number - 1))}" if number and draw(st.booleans()) else None,
            regions=draw(KINDS),
            attributes=draw(attributes()),
            colour=draw(st.none() | st.integers(0, 7)),
            deprecated=draw(st.booleans()),
            synonyms=tuple(draw(st.lists(NAMES, max_size=2))),
            description=draw(st.just("") | NAMES),
        )
        for number in range(count)
    )
    link_types = (
        LinkType(
            id="refers-to",
            name=draw(NAMES),
            source=LinkEnd(kinds=("text_span",)),
            target=LinkEnd(classes=("c0",), modalities=("image",)),
            temporal=draw(st.sampled_from(["", "overlap", "contains"])),
            same_entity=draw(st.booleans()),
        ),
    )
    return Ontology(
        id="o",
        version=draw(st.integers(1, 9)),
        classes=classes,
        link_types=link_types if draw(st.booleans()) else (),
    )


@settings(max_examples=60, deadline=None)
@given(ontologies())
def test_O5_loading_what_was_saved_gives_the_same_ontology(ontology: Any) -> None:
    assert ontology_from_yaml(ontology_to_yaml(ontology), ontology_id="o") == ontology


@pytest.mark.parametrize("name", TEMPLATES)
def test_O5_templates_load_and_come_back(name: Any) -> None:
    ontology = template_ontology(name, ontology_id="o")
    assert ontology.version == 1
    assert len(ontology.classes) > 30
    assert all(node.regions for node in ontology.classes)
    assert ontology_from_yaml(ontology_to_yaml(ontology), ontology_id="o") == ontology


def test_O5_templates_carry_the_link_types_of_the_use_cases() -> None:
    ids = {
        name: [kind.id for kind in template_ontology(name, ontology_id="o").link_types] for name in TEMPLATES
    }
    assert ids["vision-language"][0] == "refers-to"
    assert ids["driving"] == ["same-object", "emitted-by", "reacts-to"]
    assert ids["dialogue"] == ["expresses", "spoken-by"]


def test_O5_an_unknown_template_is_named() -> None:
    with pytest.raises(NotFound, match="vision-language, driving, dialogue"):
        template_text("robots")


def test_O5_children_take_their_parents_regions_unless_they_name_their_own() -> None:
    text = """
classes:
  - id: thing
    regions: [box, mask]
    children:
      - id: red-thing
      - {id: any-thing, regions: []}
"""
    ontology = ontology_from_yaml(text, ontology_id="o")
    assert [node.regions for node in ontology.classes] == [("box", "mask"), ("box", "mask"), ()]
    assert [node.name for node in ontology.classes] == ["Thing", "Red thing", "Any thing"]
    assert ontology.classes[1].parent == "thing"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "classes:\n  - id: a\n    nme: b\n",
            ["o.yaml, line 3, column 5, classes[0].nme", "Did you mean name?"],
        ),
        ("classes:\n  - name: a\n", ["line 2, column 5, classes[0]", "id is missing"]),
        (
            "classes:\n  - {id: a, colour: red}\n",
            ["line 2, column 21, classes[0].colour", "got red", "whole number"],
        ),
        ("classes:\n  - {id: a, deprecated: 3}\n", ["classes[0].deprecated", "true or false"]),
        ("classes: {id: a}\n", ["line 1, column 10, classes", "a list is wanted"]),
        ("classes:\n  - {id: a, parent: b}\n", ["line 2, column 5, classes[0], class a", "unknown parent"]),
        ("classes:\n  - {id: a}\n  - {id: a}\n", ["line 3, column 5", "defined twice"]),
        ("classes:\n  - {id: a, id: b}\n", ["line 2, column 13", "appears twice"]),
        ("classes:\n  - {id: a, regions: [bx]}\n", ["got bx", "Did you mean box?"]),
        ("classes:\n  - {id: a, parent: b}\n  - {id: b, parent: a}\n", ["the class tree has a cycle"]),
        ("classes:\n  - {id: A B}\n", ["not a slug"]),
        (
            "classes: []\nlink_types:\n  - {id: l, source: {classes: [x]}}\n",
            ["line 3, column 5", "link type l, source"],
        ),
        (
            "classes:\n  - {id: a, attributes: [{id: q, type: colour}]}\n",
            ["class a, attribute q", "got colour"],
        ),
        ("classes:\n  - {id: a, attributes: [{id: q}]}\n", ["a choice has no values"]),
        ("classes:\n  - {id: a, attributes: [{id: q, type: number, minimum: x}]}\n", ["minimum", "a number"]),
        ("classes: [\n", ["line 2, column 1", "not YAML"]),
        ("", ["the file is empty"]),
        ("a: \x00", ["not YAML"]),
    ],
)
def test_O5_errors_say_file_line_column_path_got_and_wanted(text: Any, parts: Any) -> None:
    with pytest.raises(InvalidInput) as raised:
        ontology_from_yaml(text, ontology_id="o", file="o.yaml")
    letter = str(raised.value)
    assert letter.startswith("o.yaml")
    for part in parts:
        assert part in letter


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x]\nclasses: [*a, *a]\n",
        "&a [*a]",
        "classes: " + "[" * 5000,
        "classes: !!python/object/apply:os.system [id]",
    ],
)
def test_O5_hostile_yaml_is_refused(text: Any) -> None:
    with pytest.raises(InvalidInput):
        ontology_from_yaml(text, ontology_id="o")


def test_O5_large_yaml_is_refused_before_it_is_read() -> None:
    with pytest.raises(LimitExceeded):
        ontology_from_yaml("#" * 1_000_001, ontology_id="o")


def test_O5_a_bottomless_tree_is_refused() -> None:
    text = "classes:\n  - {id: c0}\n" + "".join(f"  - {{id: c{n}, parent: c{n - 1}}}\n" for n in range(1, 70))
    with pytest.raises(InvalidInput, match="too deep"):
        ontology_from_yaml(text, ontology_id="o")
