"""A JavaScript engine without a browser: the modules of figures as files, with Python's tables."""

import json
import re
import shutil
import subprocess

from deno import find_deno_bin

from fftia_lab.widgets.shared.tables import SCHEDULES_JS, schedules

# A view as JSON: sets become lists, masks of bits hex numbers.
REPLACER = """(key, value) => (value instanceof Set
  ? [...value] : typeof value === "bigint" ? value.toString(16) : value)"""
FRAME = f"""
const given = JSON.parse(await new Response(Deno.stdin.readable).text());
const answer = (found) => console.log(JSON.stringify(found, {REPLACER}));
"""
OPENED = """
const model = { get: (name) => given.traits[name] };
const opened = Object.fromEntries(FIELDS.map((name) => [name, model.get(name)]));
const initial = settle(opened, {}, model);
const settled = (state) => settle(structuredClone(initial), state, model);
"""
SETTLED = """
answer(given.pairs.map(([state, patch]) => {
  try { return settle(settled(state), patch, model); } catch { return null; }
}));
"""
VIEWS = """
const view = makeView(model);
answer(given.states.map((state) => {
  const kept = settled(state), seen = view(kept);
  return [kept, seen, describe(kept, seen)];
}));
"""


def snake(widget):
    """The folder of a figure, from its class."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", widget.__name__).lower()


class Engine:
    """The modules of `fftia_lab/widgets` in a folder, and Deno to run a text beside them."""

    def __init__(self, widgets, folder):
        self.folder = shutil.copytree(widgets, folder / "widgets")
        for path, text in schedules().items():
            target = self.folder / path.relative_to(SCHEDULES_JS.parents[1])
            target.write_text(text, "utf-8")

    def run(self, code, given=None, name="asked"):
        """Run a module; return what it hands to `answer`, None if it asks for nothing."""
        path = self.folder / f"{name}.mjs"
        path.write_text(code.replace("//given", FRAME), "utf-8")
        command = [find_deno_bin(), "run", "--quiet", "--no-remote", "--allow-read", str(path)]
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout) if done.stdout else None

    def of(self, widget, code, **given):
        """Run a text that asks the model and the words of one figure, opened as `widget`."""
        folder = snake(type(widget))
        imports = (
            f'import {{ FIELDS, makeView, settle }} from "./{folder}/model.js";\n'
            f'import {{ describe }} from "./{folder}/words.js";\n'
        )
        traits = {name: getattr(widget, name) for name in widget.own_traits()}
        return self.run(f"{imports}//given\n{OPENED}{code}", {"traits": traits, **given})

    def settled(self, widget, pairs):
        """The state after each change, from each state; None where a change is refused."""
        return self.of(widget, SETTLED, pairs=pairs)

    def views(self, widget, states):
        """The state kept, the view and the sentence of each state."""
        return self.of(widget, VIEWS, states=states)
