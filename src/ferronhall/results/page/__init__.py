"""The page of a campaign, index.html: one file to read, to explore and to hand on, by no server.

headline   what was asked and the edge accumulations in words, as a notebook shows them too
findings   what the data say against themselves
asked      the configuration with what is special about it
written    the campaign's Markdown tables as HTML, and the files of its folder
citation   how to cite
map_views  the numbers of every map that can be explored
explorer   the maps, their cuts and controls, by Bokeh
curves     the curves of a scan, by Bokeh
look       style sheet and the sorting of tables
document   all of it in one file
"""
