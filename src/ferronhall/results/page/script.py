"""What the maps do when something is chosen or pointed at, for Bokeh's CustomJS.

Names in the code are Bokeh models and values that explorer.explorer hands over.
"""

ROUNDED = """
const exponent = (number, digits) => Number(number.toExponential(digits - 1).split("e")[1])
const fixed = (number, decimals) => {
  const step = 10 ** -Math.min(decimals, 0)
  const text = (Math.round(number / step) * step).toFixed(0)
  return (decimals > 0 ? number.toFixed(decimals) : text).replace(/^-(?=[0.]*$)/, "")
}
const plain = (number, digits) => Number(number.toPrecision(digits)).toString()
const rounded = (value, error) => {
  if (!(error > 0)) return plain(value, 4)
  const most = value ? 5 - exponent(value, 6) : 100
  return fixed(value, Math.min(1 - exponent(error, 2), most, 100))
}
const in_two_digits = error => error > 0 ? fixed(error, Math.min(1 - exponent(error, 2), 100)) : "0"
"""
"""Numbers as tables.rounding shows them: an error with two digits, a value with its decimals."""

TOLD = {
    "value": f"""{ROUNDED}
const [value_here, error] = ["value", "error"].map(key => numbers.data[key][special_vars.index])
return `${{rounded(value_here, error)}} ± ${{in_two_digits(error)}}`
""",
    "theory": f"{ROUNDED}return plain(value, 4)",
}
"""What stands at the pointer."""

FIT = """
const wanted = plot.inner_width * cells_y_over_x
const height = Math.round(Math.min(Math.max(wanted, least), most))
const around = plot.outer_height - plot.inner_height
if (Math.abs(plot.inner_height - height) > 1) plot.height = height + around
"""
"""The map has another width."""

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

FOLLOW = (
    ROUNDED
    + """const name = `${observable.value}/${fields[field.active]}`
const [i, j] = [at.data.i[0], at.data.j[0]]
const [nx, ny] = sizes
const {x, y, value, error, theory} = cells.data
const cut = (cells_on_it, place) => ({
  at: cells_on_it.map(n => place[n]),
  value: cells_on_it.map(n => value[n]),
  error: cells_on_it.map(n => error[n]),
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
const said = (number, digits) => plain(number, digits).replace("-", "−")
const [before, after] = around[name]
const told = rounded(value[here], error[here]).replace("-", "−")
document.getElementById("reading").textContent =
  `${labels[name]} at x = ${said(x[here], 5)}, y = ${said(y[here], 5)}: ` +
  `${before}${told} ± ${in_two_digits(error[here])}${after}` +
  (isNaN(theory[here]) ? "" : `; theory ${said(theory[here], 4)}`)
for (const axis of cut_axes) axis.axis_label = `${labels[name]} (${units[name]})`
"""
)
"""The cuts, the marks on the map and the line below it, of the cell pointed at."""
