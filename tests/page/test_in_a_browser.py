"""The page as a reader has it: pointed at, switched, sorted, on a telephone, on paper."""

import re
import time

import pytest

from ferronhall.results.page import script
from ferronhall.results.tables import rounding

MAP = "Bokeh.documents[0].get_model_by_name('map')"
DEEP = """
const deep = (root, selector) => [
  ...root.querySelectorAll(selector),
  ...[...root.querySelectorAll("*")].filter(e => e.shadowRoot).flatMap(
    e => deep(e.shadowRoot, selector)),
]
"""
"""Elements by a selector, those in the shadow trees of Bokeh too."""


class Page:
    """A page in the browser, of a given size."""

    def __init__(self, browser, file, width=1200, scripts=True):
        self.browser = browser
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripts})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "screen"})
        browser.get_log("browser")
        browser.get(file.as_uri())
        if scripts:
            self.until(lambda: self.reading)

    def run(self, code, *arguments):
        """What a script returns that knows `deep` and its arguments."""
        return self.browser.execute_script(f"{DEEP}{code}", *arguments)

    def until(self, condition):
        """Wait until something holds, and return it; fail after a minute, as on a busy machine."""
        end = time.monotonic() + 60
        while not (found := condition()):
            assert time.monotonic() < end, "the page does not get there"
            time.sleep(0.05)
        return found

    @property
    def reading(self):
        """The line about the cell pointed at."""
        return self.run("return document.getElementById('reading').textContent")

    def numbers(self):
        """Value, error and unit, and theory, of the line below the controls, as text."""
        found = re.search(r": \(?(\S+) ± ([\d.e-]+)\)?(?: ×)? (.*); theory (\S+)$", self.reading)
        return [text.replace("−", "-") for text in found.groups()]

    def point(self, x, y):
        """Move the mouse to a cell of the map, which may still change its size."""
        self.run("document.getElementById('maps').scrollIntoView()")
        told = f"at x = {x}, y = {y}:".replace("-", "−")
        self.until(lambda: self._moved(x, y) or told in self.reading)

    def _moved(self, x, y):
        place = self.run(
            f"""const view = Bokeh.index.find_one({MAP})
            const {{left, top}} = view.canvas_view.el.getBoundingClientRect()
            const {{x_scale, y_scale}} = view.frame
            return [left + x_scale.compute({x}), top + y_scale.compute({y})]"""
        )
        for shift in (1, 0):
            event = {"type": "mouseMoved", "x": place[0] + shift, "y": place[1]}
            self.browser.execute_cdp_cmd("Input.dispatchMouseEvent", event)

    def picture(self):
        """The map as a PNG."""
        time.sleep(0.3)
        return self.browser.find_element("css selector", ".plots .whole").screenshot_as_png

    def press(self, label):
        """Click on a button."""
        self.run(
            "deep(document, '.bk-btn').find(e => e.textContent.trim() == arguments[0]).click()",
            label,
        )

    def choose(self, observable):
        """Take an observable, by its label, from the list."""
        self.run(
            """const select = deep(document, "select")[0]
            select.value = arguments[0]
            select.dispatchEvent(new Event("change"))""",
            observable,
        )


@pytest.fixture(scope="module")
def file(html, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "index.html"
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture
def page(browser, file):
    return Page(browser, file)


def test_it_loads_without_errors_and_without_a_network(page):
    assert [e for e in page.browser.get_log("browser") if e["level"] != "INFO"] == []
    asked = page.run("return performance.getEntriesByType('resource').map(e => e.name)")
    assert [name for name in asked if not name.startswith("data:")] == []


def as_a_table_has_it(cell, name, size):
    """Value and error in a unit of some size, as rounding writes them in a table."""
    value, error = (float(cell[key]) / size for key in (name, f"{name}_stderr"))
    return [rounding.supported(value, error), rounding.error(error)]


def test_the_pointer_reads_the_number_of_the_dataset(page, content):
    """To the digits that its error supports."""
    for x, y in ((-2, 5), (3, -6), (7, 0)):
        page.point(x, y)
        cell = content.ensemble.sel(x=x, y=y)
        *number, unit, theory = page.numbers()
        assert number == as_a_table_has_it(cell, "delta_polarization", 1.0)
        assert unit == "µC/m²"
        expected = float(content.theory.delta_polarization.sel(x=x, y=y))
        assert float(theory) == pytest.approx(expected, rel=5e-4)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        *((-12.0345, 0.4849), (-12.0345, 0.0996), (1234.7, 51.0), (1250.0, 520.0)),
        *((0.004, 2.0), (-0.004, 2.0), (0.0, 0.3), (3.1415926, 1e-4), (9.99996, 0.0), (-3.0, 1.0)),
    ],
)
def test_numbers_are_rounded_as_in_tables(page, value, error):
    code = f"{script.ROUNDED}const [value, error] = arguments\n"
    code += "return [rounded(value, error), in_two_digits(error)]"
    assert page.run(code, value, error) == [rounding.supported(value, error), rounding.error(error)]


def test_a_tip_with_the_number_stands_at_the_pointer(page, content):
    page.point(-2, 5)
    texts = "return deep(document, '.bk-tooltip-row-value, .bk-value, span').map(e => e.innerText)"
    number = as_a_table_has_it(content.ensemble.sel(x=-2, y=5), "delta_polarization", 1.0)
    page.until(lambda: any(" ± ".join(number) == (text or "") for text in page.run(texts)))


@pytest.mark.parametrize("width", [1280, 420])
def test_the_cells_of_the_map_are_square(browser, file, content, width):
    page = Page(browser, file, width)
    size = f"const map = {MAP}\nreturn [map.inner_width, map.inner_height]"
    cells = [content.ensemble.sizes[axis] for axis in "xy"]

    def ratio():
        wide, high = (pixels / n for pixels, n in zip(page.run(size), cells, strict=True))
        return wide / high

    page.until(lambda: abs(ratio() - 1) < 0.02)


def test_the_cuts_follow_the_pointer(page, content):
    page.point(4, -3)
    for name, line in (("along_x", {"y": -3}), ("along_y", {"x": 4})):
        model = f"Bokeh.documents[0].get_model_by_name('{name}')"
        shown = page.run(f"return [...{model}.renderers[1].data_source.data.value]")
        expected = content.ensemble.delta_polarization.sel(line)
        assert shown == pytest.approx(expected.values.tolist())


def test_another_observable_or_field_changes_map_and_numbers(page, content):
    page.point(3, -6)
    cell, before = content.ensemble.sel(x=3, y=-6), page.picture()
    page.choose("kinetic energy per cell")
    page.until(lambda: page.reading.startswith("Δ_B KE"))
    size = 1e-3 if page.numbers()[2] == "µeV" else 1.0
    assert page.numbers()[:2] == as_a_table_has_it(cell, "delta_kinetic_energy", size)
    other = page.picture()
    assert other != before
    page.press("+Ω_B")
    page.until(lambda: page.reading.startswith("KE at Ω = +Ω_B"))
    assert page.numbers()[2] == "meV"
    assert page.numbers()[:2] == as_a_table_has_it(cell.sel(field=1), "kinetic_energy", 1.0)
    field = page.picture()
    assert field not in (before, other)
    page.press("theory")
    assert page.picture() != field


def test_colours_take_a_range_by_hand_and_give_it_back(page, content):
    whole = abs(content.ensemble.delta_polarization).max().item()
    ends = "const m = Bokeh.documents[0].get_model_by_name('map').right[0].color_mapper\n"
    ends += "return [m.low, m.high]"
    assert page.run(ends) == pytest.approx([-whole, whole], rel=1e-5)
    before = page.picture()
    page.run(
        """const low = deep(document, "input[type=text]")[0]
        low.value = "-3"
        low.dispatchEvent(new Event("change"))"""
    )
    page.until(lambda: page.run(ends)[0] == -3)
    assert page.picture() != before
    page.press("whole range")
    page.until(lambda: page.run(ends)[0] == pytest.approx(-whole, rel=1e-5))


def test_tables_sort_by_a_click(page):
    first = "return [...document.querySelectorAll('table.sortable')[0].tBodies[0].rows].map("
    first += "row => row.cells[0].textContent)"
    head = page.browser.find_elements("css selector", "table.sortable th")
    for column, orders in ((1, ["abc", "bac"]), (0, ["abc", "cba"])):
        for order in orders:
            head[column].click()
            assert page.run(first) == list(order)


def test_it_is_readable_at_400_pixels(browser, file):
    page = Page(browser, file, width=400)
    assert page.run("return document.documentElement.scrollWidth") <= 400
    plots = "document.querySelectorAll('.plots > div, .curves > div')"
    widths = page.run(f"return [...{plots}].map(e => e.offsetWidth)")
    assert len(widths) == 9 and min(widths) > 340 and max(widths) <= 400
    sizes = page.run(
        """return [...document.querySelectorAll("p, li, td, th, a")].map(
        e => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert min(sizes) >= 12
    page.point(-2, 5)


def test_paper_and_no_script_leave_the_text(browser, file):
    page = Page(browser, file, scripts=False)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    text = browser.find_element("css selector", "body").text
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    for part in ("8.0 ± 1.3 µC/m²", "Warning. Twins", "A note.", "How to cite", "dipole.eta_a"):
        assert part in text
    assert "Point at a cell" not in text and "colours from" not in text
    del page
