"""Links the ES modules of a component into the one that Streamlit takes; docs/decisions/components.md says why.

Each module becomes a function that is called once and returns what it exports, so that its other names stay private to
its file. These forms are understood, and any other is an error: ``import { name, name } from "./file.js";``,
``export`` in front of a function, a class or a constant, and ``export default`` in front of a function or a class.
"""

import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
IMPORT = re.compile(r'^import \{\s*([\w$]+(?:,\s*[\w$]+)*),?\s*\} from "(\.\.?/[\w./-]+)";$', re.MULTILINE)
DEFAULT = re.compile(r"^export default (?=(?:async )?(?:function|class)\b)", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:(?:async )?function\*?|class|const) ([\w$]+))", re.MULTILINE)
UNLINKED = re.compile(r"^(?:import|export)\b.*|\bimport *[(.].*", re.MULTILINE)


class LinkError(ValueError):
    """The modules cannot be linked."""


def assets(component: str) -> dict[str, Any]:
    """Return the style sheet and the script of a component, as ``st.components.v2.component`` takes them."""
    css = (FOLDER / component / f"{component}.css").read_text(encoding="utf-8")
    return {"css": css, "js": link(FOLDER / component / "script" / f"{component}.js")}


def link(entry: Path) -> str:
    """Return one ES module with the default export of ``entry`` and everything that it imports, each file once."""
    linked: dict[Path, list[str]] = {}  # the files that are already linked, with what they export
    parts: list[str] = []

    def add(path: Path, importers: tuple[Path, ...]) -> str:
        if path in importers:
            circle = " -> ".join(one.name for one in (*importers[importers.index(path) :], path))
            raise LinkError(f"modules import each other in a circle: {circle}")
        if path not in linked:
            text = path.read_text(encoding="utf-8")
            lines = []
            for names, address in IMPORT.findall(text):
                target = (path.parent / address).resolve()
                if not target.is_file():
                    raise LinkError(f"{path.name} imports {address}, which does not exist")
                variable = add(target, (*importers, path))
                wanted = re.findall(r"[\w$]+", names)
                if missing := sorted(set(wanted) - set(linked[target])):
                    raise LinkError(f"{path.name} imports {', '.join(missing)}, which {target.name} does not export")
                lines.append(f"const {{ {', '.join(wanted)} }} = {variable};")
            body = EXPORT.sub("", DEFAULT.sub("const module$default = ", IMPORT.sub("", text))).strip()
            if unknown := UNLINKED.search(body):
                raise LinkError(f"{path.name} imports or exports in a form that is not linked: {unknown[0]}")
            given = EXPORT.findall(text) + ["default: module$default"] * len(DEFAULT.findall(text))
            linked[path] = given
            head = [f"// {'/'.join(path.parts[-3:])}", f"const module${list(linked).index(path)} = (() => {{"]
            parts.extend([*head, *lines, body, f"return {{ {', '.join(given)} }};", "})();"])
        return f"module${list(linked).index(path)}"

    last = add(entry.resolve(), ())
    if "default: module$default" not in linked[entry.resolve()]:
        raise LinkError(f"{entry.name} has no default export")
    return "\n".join([*parts, f"export default {last}.default;\n"])
