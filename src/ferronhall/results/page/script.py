"""What the maps do when something is chosen or pointed at, for Bokeh's CustomJS.

Names in the code are Bokeh models and values that explorer.explorer hands over.
"""

CHOOSE = """
const name = `${observable.value}/${fields[field.active]}`
const column = shown[what.labels[what.active]]
const numbers = Object.values(shown).map(key => [key, stored.data[`${name}/${key}`]])
const values = stored.data[`${name}/${column}`]
let from = Infinity, to = -Infinity
for (const value of values) {
  from = Math.min(from, value)
  to = Math.max(to, value)
}
const centred = signed[name] && column != "error"
if (centred) {
  to = Math.max(Math.abs(from), Math.abs(to))
  from = -to
}
if (from == to) to = from + 1
mapper.palette = centred ? around_zero : sequential
low.value = Number(from.toPrecision(6))
high.value = Number(to.toPrecision(6))
mapper.low = from
mapper.high = to
rects.glyph.fill_color = {field: column, transform: mapper}
rects.glyph.line_color = {field: column, transform: mapper}
cells.data = {...cells.data, ...Object.fromEntries(numbers)}
"""
"""An observable, a field or what to show was chosen; the colours then take the whole range."""

RANGE = {
    "low": "if (low.value != null) mapper.low = low.value",
    "high": "if (high.value != null) mapper.high = high.value",
}
"""An end of the colours was given."""

POINT = """
const clipped = (n, size) => Math.min(Math.max(n, 0), size - 1)
const i = clipped(Math.round(cb_obj.x - cells.data.x[0]), sizes[0])
const j = clipped(Math.round(cb_obj.y - cells.data.y[0]), sizes[1])
if (i != at.data.i[0] || j != at.data.j[0]) at.data = {i: [i], j: [j]}
"""
"""The pointer is over a cell."""

FOLLOW = """
const name = `${observable.value}/${fields[field.active]}`
const [i, j] = [at.data.i[0], at.data.j[0]]
const [nx, ny] = sizes
const {x, y, value, error, theory} = cells.data
const cut = (cells_on_it, place) => ({
  at: cells_on_it.map(n => place[n]),
  value: cells_on_it.map(n => value[n]),
  lower: cells_on_it.map(n => value[n] - error[n]),
  upper: cells_on_it.map(n => value[n] + error[n]),
  theory: cells_on_it.map(n => theory[n]),
})
cut_x.data = cut(Array.from({length: nx}, (_, n) => n * ny + j), x)
cut_y.data = cut(Array.from({length: ny}, (_, n) => i * ny + n), y)
const here = i * ny + j
const last = nx * ny - 1
const cell = {left: x[here] - 0.5, right: x[here] + 0.5, bottom: y[here] - 0.5, top: y[here] + 0.5}
this_row.setv({...cell, left: x[0] - 0.5, right: x[last] + 0.5})
this_column.setv({...cell, bottom: y[0] - 0.5, top: y[last] + 0.5})
const said = (number, digits) => Number(number.toPrecision(digits)).toString().replace("-", "−")
const told = `${said(value[here], 7)} ± ${error[here].toPrecision(2)} ${units[name]}`
document.getElementById("reading").textContent =
  `${labels[name]} at x = ${said(x[here], 5)}, y = ${said(y[here], 5)}: ${told}` +
  (isNaN(theory[here]) ? "" : `; theory ${said(theory[here], 5)}`)
for (const axis of cut_axes) axis.axis_label = `${labels[name]} (${units[name]})`
"""
"""The cuts, the marks on the map and the line below it, of the cell pointed at."""
