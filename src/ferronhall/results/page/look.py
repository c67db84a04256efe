"""How the page looks on a screen, a telephone and paper, and the sorting of its tables."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, "DejaVu Sans", sans-serif; color: #222; background: #fff;
  max-width: 1180px; margin: 0 auto; padding: 0 16px 48px; }
h1 { font-size: 1.6rem; margin: 24px 0 4px; }
h2 { font-size: 1.2rem; margin: 36px 0 8px; padding-bottom: 4px; border-bottom: 1px solid #ddd; }
h3 { font-size: 1rem; margin: 16px 0 4px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 8px 0; }
a { color: #5b2a6e; }
img { max-width: 100%; height: auto; display: block; margin: 0 auto; }
.headline { display: flex; flex-wrap: wrap; gap: 8px 12px; margin: 12px 0; }
.headline div { border: 1px solid #ddd; border-radius: 6px; padding: 6px 12px; }
.headline b { display: block; font-size: 1.1rem; font-variant-numeric: tabular-nums; }
.findings { list-style: none; padding: 0; }
.findings li { padding: 2px 10px; margin: 3px 0; border-left: 4px solid #9ac39a; }
.findings li.warning { border-color: #cf3f2a; background: #fdf1ee; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid #e4e4e4; padding: 3px 8px; text-align: left;
  vertical-align: top; }
th { background: #f6f5f7; vertical-align: bottom; }
td.number, th.number { text-align: right; }
td.number, .wide td:first-child { white-space: nowrap; }
.wide td { min-width: 4em; }
.sortable th { cursor: pointer; }
.sortable th[aria-sort=ascending]::after { content: " ▲"; }
.sortable th[aria-sort=descending]::after { content: " ▼"; }
mark { background: #ffe9a8; padding: 0 3px; }
.note { font-size: 13px; color: #555; margin: 4px 0; }
details { margin: 6px 0; }
summary { cursor: pointer; font-weight: 600; }
.controls { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-end; }
.plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
.plots .whole { grid-column: 1 / -1; }
.curves { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 12px; }
#reading { font-weight: 600; min-height: 3em; margin: 8px 0; font-variant-numeric: tabular-nums; }
.files { columns: 3 220px; padding-left: 18px; margin: 4px 0; }
.files li { break-inside: avoid; }
.config td:nth-child(4) { color: #555; }
@media (max-width: 700px) {
  body { padding: 0 10px 32px; }
  .plots, .curves { grid-template-columns: minmax(0, 1fr); }
  .config th:nth-child(4), .config td:nth-child(4) { display: none; }
  .config td { overflow-wrap: anywhere; }
}
@media print {
  nav, .explore { display: none; }
  .wide { overflow: visible; }
  table { font-size: 9px; }
  h2, h3 { break-after: avoid; }
}
"""

SORTING = """
for (const heading of document.querySelectorAll("table.sortable th")) {
  heading.addEventListener("click", () => {
    const table = heading.closest("table"), column = heading.cellIndex
    const up = heading.getAttribute("aria-sort") != "ascending"
    const rows = [...table.tBodies[0].rows]
    const text = row => row.cells[column].textContent
    const number = row => parseFloat(text(row))
    const compare = (a, b) => {
      const [one, other] = [number(a), number(b)]
      const missing = isNaN(one) - isNaN(other)
      const both = isNaN(one) && isNaN(other)
      return missing || (up ? 1 : -1) * (both ? text(a).localeCompare(text(b)) : one - other)
    }
    for (const row of rows.sort(compare)) table.tBodies[0].append(row)
    for (const each of table.querySelectorAll("th")) each.removeAttribute("aria-sort")
    heading.setAttribute("aria-sort", up ? "ascending" : "descending")
  })
}
"""
"""Numbers by size, words by their letters, what is missing last."""
