# page.awk TEXT: "= " is a heading, "- " an item, *this* is bold, a blank line ends a paragraph.
function end() {
    if (open != "") {
        print "</" open ">"
    }
    open = ""
}
function begin(element) {
    if (open != element) {
        end()
        print "<" element ">"
        open = element
    }
}
{
    gsub(/&/, "\\&amp;")
    gsub(/</, "\\&lt;")
    while (match($0, /\*[^*]+\*/)) {
        $0 = substr($0, 1, RSTART - 1) "<b>" substr($0, RSTART + 1, RLENGTH - 2) "</b>" substr($0, RSTART + RLENGTH)
    }
}
/^$/ { end(); next }
/^= / { end(); print "<h2>" substr($0, 3) "</h2>"; next }
/^- / { begin("ul"); print "<li>" substr($0, 3) "</li>"; next }
{ begin("p"); print }
END { end() }
