"""The linker: what it makes is one ES module that does what its parts do, and what cannot be linked is an error."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.components.modules import FOLDER, LinkError, assets, link

Write = Callable[..., Path]
COMPONENTS = sorted(path.parent.name for path in FOLDER.glob("*/script"))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes modules: ``write(entry="...", other="...")`` gives the path of the first."""

    def write(**modules: str) -> Path:
        for name, text in modules.items():
            (tmp_path / f"{name}.js").write_text(text, encoding="utf-8")
        return tmp_path / f"{next(iter(modules))}.js"

    return write


@pytest.fixture(scope="module")
def node() -> str:
    """Node.js; without it these tests are skipped, and fail in CI."""
    path = shutil.which("node")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no node found")
        pytest.skip("no node found")
    return path


def run(node: str, script: str, *options: str) -> str:
    """What ``script`` prints, as an ES module."""
    command = [node, "--input-type=module", *options]
    done = subprocess.run(command, input=script, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def called(linked: str) -> str:
    """The linked module, changed so that it prints what its default export returns."""
    head, _, last = linked.rpartition("export default ")
    assert head
    return f"{head}console.log(({last.strip().rstrip(';')})());"


ENTRY = 'import { twice } from "./twice.js";\nimport { hidden } from "./other.js";\n\n'
TWICE = "const factor = 2;\n\nexport const twice = (value) => factor * value;\n"
OTHER = """import {
  twice,
} from "./twice.js";

const factor = 10;

export function hidden() {
  return factor + twice(1);
}
"""
DEFAULT = "export default function () {\n  return twice(hidden());\n}\n"


def test_a_linked_module_does_what_its_parts_do(write: Write, node: str) -> None:
    """Two files may use one name each for themselves: ``factor`` is 2 in one and 10 in the other."""
    linked = link(write(entry=ENTRY + DEFAULT, other=OTHER, twice=TWICE))
    assert run(node, called(linked)) == "24"


def test_a_file_that_two_others_import_stands_there_once_and_before_them(write: Write) -> None:
    linked = link(write(entry=ENTRY + DEFAULT, other=OTHER, twice=TWICE))
    assert linked.count("const factor = 2;") == 1
    assert linked.index("const factor = 2;") < linked.index("const factor = 10;") < linked.index("twice(hidden())")


def test_every_form_of_export_is_handed_on(write: Write, node: str) -> None:
    forms = (
        "export const constant = 1;\n"
        "export function declared() {\n  return 2;\n}\n"
        "export async function later() {\n  return 3;\n}\n"
        "export function* counted() {\n  yield 4;\n}\n"
        "export class Made {\n  value = 5;\n}\n"
    )
    names = "constant, declared, later, counted, Made"
    values = "[constant, declared(), later instanceof Function, ...counted(), new Made().value].join()"
    entry = f'import {{ {names} }} from "./forms.js";\nexport default function named() {{\n  return {values};\n}}\n'
    assert run(node, called(link(write(entry=entry, forms=forms)))) == "1,2,true,4,5"


def test_a_file_that_does_not_exist_is_named(write: Write) -> None:
    with pytest.raises(LinkError, match=r"entry\.js imports \./twice\.js, which does not exist"):
        link(write(entry=ENTRY + DEFAULT, other=OTHER))


def test_a_name_that_is_not_exported_is_named(write: Write) -> None:
    private = TWICE.replace("export ", "")
    with pytest.raises(LinkError, match=r"imports twice, which twice\.js does not export"):
        link(write(entry=ENTRY + DEFAULT, other=OTHER, twice=private))


@pytest.mark.parametrize(
    ("imported", "circle"),
    [("entry", r"entry\.js -> twice\.js -> entry\.js"), ("twice", r"twice\.js -> twice\.js")],
)
def test_a_circle_is_named(write: Write, imported: str, circle: str) -> None:
    back = f'import {{ anything }} from "./{imported}.js";\n' + TWICE
    with pytest.raises(LinkError, match=circle):
        link(write(entry=ENTRY + DEFAULT, other=OTHER, twice=back))


def test_an_entry_gives_a_default(write: Write) -> None:
    with pytest.raises(LinkError, match=r"twice\.js has no default export"):
        link(write(twice=TWICE))


@pytest.mark.parametrize(
    "line",
    [
        'import "./twice.js";',
        'import everything from "./twice.js";',
        'import * as everything from "./twice.js";',
        'import { twice as double } from "./twice.js";',
        "import { twice } from './twice.js';",
        'import { twice } from "elsewhere";',
        'import { twice } from "https://example.org/twice.js";',
        'const later = import("./twice.js");',
        "const here = import.meta.url;",
        "export { twice };",
        'export * from "./twice.js";',
        "export let changing = 1;",
        "export const { one, other } = pair;",
        "export default 3;",
    ],
)
def test_what_the_linker_does_not_understand_is_an_error(write: Write, line: str) -> None:
    with pytest.raises(LinkError, match=r"entry\.js imports or exports in a form that is not linked"):
        link(write(entry=f"{line}\n{DEFAULT}", twice=TWICE))


@pytest.mark.parametrize("component", COMPONENTS)
def test_every_component_is_one_module_with_a_function(component: str, node: str) -> None:
    """No import is left for a browser to resolve, and nothing of the page is touched before it is mounted."""
    given = assets(component)
    assert given["css"]
    head, _, last = given["js"].rpartition("export default ")
    assert run(node, f"{head}console.log(typeof {last.strip().rstrip(';')});") == "function"


def test_every_script_belongs_to_a_component() -> None:
    linked = {component: assets(component)["js"] for component in COMPONENTS}
    scripts = [*FOLDER.glob("*/script/*.js"), *FOLDER.glob("shared/*.js")]
    used = {path for path in scripts for js in linked.values() if f"// {'/'.join(path.parts[-3:])}\n" in js}
    assert set(scripts) - used == set()


def test_the_components_in_node(node: str) -> None:
    """The tests beside this file; they need neither a browser nor a package."""
    tests = sorted(str(path) for path in Path(__file__).parent.glob("*.test.mjs"))
    assert tests
    done = subprocess.run([node, "--test", *tests], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fail 0" in done.stdout
