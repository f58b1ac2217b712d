"""Sorting a table by a click on its head, in the page alone: no kernel is asked.

The script stands in attributes. A front end that trusts the notebook runs it, saved
and reopened too; one that does not takes it out, and the table is as it was. JupyterLab
would ask whether to run a ``script`` element, and takes ``style`` elements out.
"""

from __future__ import annotations

from html import escape

# Empty cells, NaN among them, stay last both ways. Only where the script runs is
# there a pointer and a word of what a click does.
_SORT = """
var h=event.target.closest('th');if(!h)return;
var t=h.closest('table'),i=h.cellIndex,d=h.getAttribute('aria-sort')=='ascending'?-1:1;
var v=function(r){var c=r.cells[i],s=c.getAttribute('data-v');
return s===null?c.textContent.trim():s};
Array.from(t.tBodies[0].rows).sort(function(a,b){var x=v(a),y=v(b);
if(x===''||y==='')return(x==='')-(y==='');
var n=x-y;return d*(isNaN(n)?x.localeCompare(y,undefined,{numeric:true}):n)
}).forEach(function(r){t.tBodies[0].appendChild(r)});
Array.from(h.parentNode.cells).forEach(function(c){c.removeAttribute('aria-sort');
c.lastElementChild.textContent=''});
h.setAttribute('aria-sort',d>0?'ascending':'descending');
h.lastElementChild.textContent=d>0?' ▲':' ▼'
"""
_HINT = """
var h=event.target.closest('th');
if(h){h.style.cursor='pointer';h.title='Sort by '+h.firstElementChild.textContent}
"""
_KEY = """
if(event.key=='Enter'||event.key==' '){event.preventDefault();event.stopPropagation();
this.onclick(event)}
"""


def _attribute(script: str) -> str:
    return escape(" ".join(script.split()))


HEAD = (
    f'onclick="{_attribute(_SORT)}" onmouseover="{_attribute(_HINT)}" '
    f'onkeydown="{_attribute(_KEY)}"'
)
"""Attributes of a table's head that make it sort."""
